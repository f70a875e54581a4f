// Checks every GitLab component and pipeline of the project by GitLab's own JSON Schema.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { LineCounter, parseAllDocuments } from "yaml";
import { listFiles, root } from "./files.mjs";

const isPipeline = /^gitlab\/templates\/.*\.yml$|(^|\/)[^/]*\.gitlab-ci\.ya?ml$|^examples\/gitlab\/.*\.ya?ml$/;

const schema = JSON.parse(readFileSync(join(root, "test/fixtures/gitlab-ci.schema.json"), "utf8"));
// Not strict: the schema has keywords of the editor it is made for.
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

/** `!reference [job, key]`: the schema takes it as the list it is written as. */
const reference = { tag: "!reference", collection: "seq", resolve: (sequence) => sequence };

/** Messages about one file: YAML errors, then what the schema says of each of its documents. */
export function checkPipeline(path, text) {
  const lines = new LineCounter();
  return parseAllDocuments(text, { customTags: [reference], lineCounter: lines }).flatMap((document) => {
    const broken = [...document.errors, ...document.warnings].map(({ message }) => `${path}: ${message}`);
    if (broken.length > 0 || validate(document.toJS())) return broken;
    return validate.errors.map(({ instancePath, message, params }) => {
      const keys = instancePath.split("/").slice(1);
      const node = document.getIn(keys, true);
      const line = node?.range ? lines.linePos(node.range[0]).line : 1;
      return `${path}:${line}: ${keys.join(".") || "the document"} ${message} ${JSON.stringify(params)}`;
    });
  });
}

/** Messages about every component and pipeline; empty when all is well. */
export function checkGitlabFiles() {
  const paths = listFiles(isPipeline);
  return {
    count: paths.length,
    messages: paths.flatMap((path) => checkPipeline(path, readFileSync(join(root, path), "utf8"))),
  };
}
