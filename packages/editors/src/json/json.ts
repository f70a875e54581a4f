import { z } from "zod";
import { createOption, pathOption, setOption } from "../editor-options.ts";
import { structuredEditor } from "../structured-editor.ts";
import { editJson, lineInJson, newJson, readJson } from "./edit-json.ts";
import { undoJson } from "./undo-json.ts";

export const jsonOptions = z.strictObject({ json: pathOption, set: setOption, create: createOption });

/**
 * Sets values in a JSON file (RFC 8259), byte-exact. A value is written as a string; a number or boolean stays one
 * when the new value prints as the same text.
 */
export const json = structuredEditor({
  kind: "json",
  options: jsonOptions,
  path: (options) => options.json,
  edit: editJson,
  make: newJson,
  undo: (file, before, selectors) => undoJson(file, before, selectors),
  read: readJson,
  line: lineInJson,
});
