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

const samples = { string: "x", number: 1, boolean: true, array: [] };

/** The value with `$[[ inputs.name ]]` filled as GitLab does before it reads the pipeline: whole values keep their type. */
function interpolate(value, inputs) {
  if (typeof value === "string") {
    const whole = /^\$\[\[ inputs\.([\w-]+) \]\]$/.exec(value);
    if (whole !== null) return sampleOf(inputs[whole[1]]);
    return value.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name) => String(sampleOf(inputs[name])));
  }
  if (Array.isArray(value)) return value.map((item) => interpolate(item, inputs));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [interpolate(key, inputs), interpolate(item, inputs)]),
  );
}

function sampleOf(input) {
  return input?.default ?? input?.options?.[0] ?? samples[input?.type ?? "string"];
}

function undeclared(text, inputs) {
  const used = new Set([...text.matchAll(/\$\[\[\s*inputs\.([\w-]+)/g)].map(([, name]) => name));
  return [...used].filter((name) => !(name in inputs)).map((name) => `the input "${name}" is not declared`);
}

/** Messages about one file: YAML errors, then what the schema says of each of its documents. */
export function checkPipeline(path, text) {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { customTags: [reference], lineCounter: lines });
  const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (broken.length > 0) return broken.map(({ message }) => `${path}: ${message}`);
  const inputs = documents[0]?.toJS()?.spec?.inputs ?? {};
  const bySchema = documents.flatMap((document) => {
    if (validate(interpolate(document.toJS(), inputs))) return [];
    return validate.errors.map(({ instancePath, message, params }) => {
      const keys = instancePath.split("/").slice(1);
      const node = document.getIn(keys, true);
      const line = node?.range ? lines.linePos(node.range[0]).line : 1;
      return `${path}:${line}: ${keys.join(".") || "the document"} ${message} ${JSON.stringify(params)}`;
    });
  });
  return [...undeclared(text, inputs).map((message) => `${path}: ${message}`), ...bySchema];
}

/** Messages about every component and pipeline; empty when all is well. */
export function checkGitlabFiles() {
  const paths = listFiles(isPipeline);
  return {
    count: paths.length,
    messages: paths.flatMap((path) => checkPipeline(path, readFileSync(join(root, path), "utf8"))),
  };
}
