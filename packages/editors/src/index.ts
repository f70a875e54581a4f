import type { Editor } from "@glu/core";
import { json } from "./json/json.ts";
import { kustomize } from "./kustomize/kustomize.ts";
import { yaml } from "./yaml/yaml.ts";

export { manifests } from "./kubernetes/manifests.ts";
export { formatImageReference, type ImageReference } from "./kustomize/image-reference.ts";
export { kustomizations } from "./kustomize/kustomizations.ts";
export { json, kustomize, yaml };

/** All editors, by the key that names them under `write`. Adding one is a file and a line here. */
export const editors: readonly Editor[] = [yaml as Editor, kustomize as Editor, json as Editor];
