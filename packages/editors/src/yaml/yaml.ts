import { z } from "zod";
import { createOption, pathOption, setOption } from "../editor-options.ts";
import { structuredEditor } from "../structured-editor.ts";
import { editYaml, newYaml, readYaml } from "./edit-yaml.ts";
import { lineInYaml } from "./line.ts";
import { undoYaml } from "./undo-yaml.ts";

export const yamlOptions = z.strictObject({ yaml: pathOption, set: setOption, create: createOption });

/**
 * Sets values in a YAML file, byte-exact. A value is written as a string that YAML 1.1 and 1.2 parsers read alike, in
 * the style of the value before; a plain number or boolean stays one when every reader prints the new value as its text.
 */
export const yaml = structuredEditor({
  kind: "yaml",
  options: yamlOptions,
  path: (options) => options.yaml,
  edit: editYaml,
  make: newYaml,
  undo: (file, before, selectors) => undoYaml(file, before, selectors),
  read: readYaml,
  line: lineInYaml,
});
