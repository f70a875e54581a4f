import type { Editor } from "@glu/core";
import { yaml } from "./yaml/yaml.ts";

export { yaml };

/** All editors, by the key that names them under `write`. */
export const editors: readonly Editor[] = [yaml as Editor];
