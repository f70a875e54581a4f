import type { Manifests } from "@glu/core";
import { inNamespace } from "./in-namespace.ts";
import { mergeValues } from "./merge-values.ts";
import { kindOf, objectsAmong, objectsIn } from "./read-objects.ts";

/** Rendered files, by the parser of the YAML editor. */
export const manifests: Manifests = { objectsIn, objectsAmong, kindOf, mergeValues, inNamespace };
