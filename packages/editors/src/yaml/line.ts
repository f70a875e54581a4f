import type { Bytes } from "@glu/core";
import type { Selector } from "../selector/selector.ts";
import { decode, lineAt } from "../text/source.ts";
import { locate } from "./choose-document.ts";
import { parseStream, startOf } from "./stream.ts";

/** The line of a place, 1-based: of its key, or of a list's item; undefined when it is not there. */
export function lineInYaml(file: Bytes, selector: Selector): number | undefined {
  const stream = parseStream(decode(file).text);
  if (stream.documents.length === 0) return undefined;
  const place = locate(stream, selector, { followAliases: true });
  if (place.kind === "missing") return undefined;
  const key = place.holder.kind === "pair" ? startOf(place.holder.pair.key) : undefined;
  const offset = key ?? startOf(place.node);
  return offset === undefined ? undefined : lineAt(stream.text, offset);
}
