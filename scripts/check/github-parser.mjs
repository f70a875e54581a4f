// GitHub's own parser, told about the inputs of our actions. It imports JSON without attributes, which Node refuses:
// github-files.mjs bundles this file before it loads it.
import { validate } from "@actions/languageservice";
import { validateAction } from "@actions/languageservice/validate-action";
import { TextDocument } from "vscode-languageserver-textdocument";

/**
 * What GitHub's parser says of one file.
 *
 * @param file its path, unique in this process (the parser caches by it), and its text
 * @param ours the parsed action.yml of an action of this project, by its name; undefined for any other
 * @returns messages with 1-based line and column
 */
export async function diagnose({ path, text }, ours) {
  const isAction = /(^|\/)action\.ya?ml$/.test(path);
  const document = TextDocument.create(`file:///${path}`, "yaml", 1, text);
  const diagnostics = await (isAction ? validateAction : validate)(document, {
    actionsMetadataProvider: { fetchActionMetadata: async ({ owner, name, path }) => ours(owner, name, path) },
  });
  return diagnostics
    .filter(({ severity = 1, message }) => severity <= 2 && !isForeign(message))
    .map(({ message, range: { start } }) => `${path}:${start.line + 1}:${start.character + 1}: ${message}`);
}

/** Whether an action of someone else could not be looked up: that needs the network. */
function isForeign(message) {
  return /^Unable to resolve action `(?!glu\/|\.)/.test(message);
}
