import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { root } from "../e2e/sandbox.ts";

/** What a published schema has against a document; nothing when it fits. */
export function violations(
  schema:
    | "artifact"
    | "decision"
    | "diff"
    | "drift"
    | "explanation"
    | "freeze"
    | "history"
    | "pin"
    | "preview"
    | "preview-closed"
    | "record"
    | "remove",
  document: unknown,
): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(join(root, `schemas/${schema}.schema.json`), "utf8")) as object);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
