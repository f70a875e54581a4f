import type { YAMLParseError, YAMLWarning } from "yaml";

/** What to do about the mistakes that people make most; the codes are those of the `yaml` library. */
const fixes: Record<string, string> = {
  TAB_AS_INDENT: "Indent with spaces.",
  DUPLICATE_KEY: "Keep one of the two.",
  MULTIPLE_DOCS: "Keep one document: remove the '---' between them.",
  BAD_ALIAS: "A value that begins with '*' needs quotes, such as \"*-api\".",
  TAG_RESOLVE_FAILED: "A value that begins with '!' needs quotes, such as \"!v*\".",
  NON_STRING_KEY: "Write the key as plain text or in quotes.",
  BLOCK_AS_IMPLICIT_KEY: "Check the indentation, and quote a value that contains ': '.",
};

/** A syntax error of the library in our words: a code `config/…`, one line, what to do. */
export function explainYamlError(error: YAMLParseError | YAMLWarning): { code: string; message: string; fix: string } {
  const code = error.code === "DUPLICATE_KEY" ? "config/duplicate-key" : "config/yaml";
  const message =
    error.code === "DUPLICATE_KEY"
      ? "The key is already there."
      : `Not valid YAML: ${error.message.split("\n", 1)[0]}.`;
  return { code, message: message.replace(/\.+$/, "."), fix: fixes[error.code] ?? "Correct the YAML here." };
}
