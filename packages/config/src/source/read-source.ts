import { readData } from "./read-data.ts";
import { readYaml, type SourceRead } from "./read-yaml.ts";

/** A config as it comes: the text of a `glu.yaml`, or the data that a program made. */
export type ConfigSource = { text: string; data?: never } | { data: unknown; text?: never };

export function readSource({ text, data }: ConfigSource): SourceRead {
  return text === undefined ? readData(data) : readYaml(text);
}
