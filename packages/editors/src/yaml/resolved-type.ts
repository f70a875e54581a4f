import { Schema } from "yaml";

// What a plain scalar may be read as: YAML 1.2's core schema (JavaScript, Rust, …) and YAML 1.1 (Go's and Python's
// libraries, so Helm, Kubernetes, Compose, Ansible).
const core = new Schema({ schema: "core" });
const old = new Schema({ schema: "yaml-1.1", merge: true });

// Types of YAML 1.1 (https://yaml.org/type/) and habits of its parsers that the library's schemas leave out:
// the value and merge keys, the octal of 1.2, binary and hexadecimal digits in either case, numbers in base 60.
const extras =
  /^(?:=|<<|[-+]?0[oO][-+]?[0-7_]+|[-+]?0[bB][-+]?[01_]+|[-+]?0[xX][-+]?[0-9a-fA-F_]+|[-+]?\d[\d_]*(?::\d{1,2})+(?:\.[\d_]*)?)$/;
const string = "tag:yaml.org,2002:str";
const number = new Set(["tag:yaml.org,2002:int", "tag:yaml.org,2002:float"]);

function tagOf(schema: Schema, text: string): string {
  const tag = schema.tags.find(
    (candidate) =>
      candidate.default !== undefined &&
      candidate.default !== false &&
      "test" in candidate &&
      candidate.test?.test(text),
  );
  return tag?.tag ?? string;
}

/** Whether a plain scalar with this text is a string for every parser. */
export function readsAsString(text: string): boolean {
  // Go's parser takes "_" out of whatever begins like a number, also where YAML 1.1 allows none: +_1.
  const bare = /^[-+.\d]/.test(text) ? text.replaceAll("_", "") : text;
  return [text, bare].every(
    (form) => !extras.test(form) && tagOf(core, form) === string && tagOf(old, form) === string,
  );
}

/** `number` or `bool` when YAML 1.1 and 1.2 agree that a plain scalar is one. */
export function nativeType(text: string): "number" | "bool" | undefined {
  const tags = [tagOf(core, text), tagOf(old, text)];
  if (tags.every((tag) => number.has(tag))) return "number";
  return tags.every((tag) => tag === "tag:yaml.org,2002:bool") ? "bool" : undefined;
}

/**
 * `number` or `bool` when a text is one that every reader prints as this very text: `3`, `-7`, `true`. A value comes
 * from a template and is a text; only such a one may take the place of a number or boolean as one. Not `007` or `1e3`;
 * no fraction, since `2.5` is as likely a version, and the next one is `2.10`; and nothing from a million on: Helm reads
 * numbers as float64, which Go prints as 1e+06.
 */
export function losslessType(text: string): "number" | "bool" | undefined {
  if (text === "true" || text === "false") return "bool";
  return /^(?:0|-?[1-9]\d{0,5})$/.test(text) ? "number" : undefined;
}
