import type { YAMLParseError, YAMLWarning } from "yaml";

/** What to do about the mistakes that people make most; the codes are those of the `yaml` library. */
const fixes: Record<string, string> = {
  TAB_AS_INDENT: "Indent with spaces.",
  MULTIPLE_DOCS: "Keep one document: remove the '---' between them.",
  BAD_ALIAS: "A value that begins with '*' needs quotes, such as \"*-api\".",
  TAG_RESOLVE_FAILED: "A value that begins with '!' needs quotes, such as \"!v*\".",
  NON_STRING_KEY: "Write the key as plain text or in quotes.",
};

const messages: Record<string, string> = {
  MULTIPLE_DOCS: "The file holds several YAML documents.",
  TAG_RESOLVE_FAILED: "YAML reads this as a tag.",
  BAD_ALIAS: "YAML reads this as an alias.",
  NON_STRING_KEY: "YAML reads this as a mapping or list used as a key.",
};

/** A syntax error of the library in our words: a code `config/…`, one line, what to do. */
export function explainYamlError(
  error: YAMLParseError | YAMLWarning,
  source: string,
): { code: string; message: string; fix: string } {
  if (error.code === "DUPLICATE_KEY") {
    const key = /^[^:\r\n]*/.exec(source.slice(error.pos[0]))?.[0].trim();
    return { code: "config/duplicate-key", message: `The key ${key} is already there.`, fix: "Keep one of the two." };
  }
  // A template outside of quotes begins a mapping for YAML: nothing else in this format looks like it.
  const line = source.slice(source.lastIndexOf("\n", error.pos[0] - 1) + 1).split("\n", 1)[0] ?? "";
  const template = /(?:[:[,{]|- )\s*[^"'\s]*\{\{/.test(line)
    ? 'Put a value with {{ … }} in quotes: "{{ app }}".'
    : undefined;
  const said = (error.message.split("\n", 1)[0] ?? "").replace('"quote', '" quote').replace(/\.+$/, "");
  return {
    code: "config/yaml",
    message: messages[error.code] ?? `Not valid YAML: ${said}.`,
    fix: template ?? fixes[error.code] ?? "Correct the YAML here: mind indentation, quotes and brackets.",
  };
}
