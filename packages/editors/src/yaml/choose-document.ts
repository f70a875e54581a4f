import { isMap } from "yaml";
import { Refusal, refuse } from "../refusal.ts";
import { formatDocument, formatSelector } from "../selector/format-selector.ts";
import type { DocumentName, Selector } from "../selector/selector.ts";
import { suggestion } from "../text/closest.ts";
import { lineAt } from "../text/source.ts";
import { type Found, type Missing, type WalkOptions, walk } from "./locate.ts";
import { isAbsent, keyText, type Stream, scalarText, startOf, type YamlDocument } from "./stream.ts";

/**
 * Finds a selector's place in a file. Without `kind/name:` and with several documents the path must be in exactly one
 * of them.
 */
export function locate(stream: Stream, selector: Selector, options: WalkOptions = {}): Found | Missing {
  const all = stream.documents;
  const filled = all.filter(({ document }) => !isAbsent(document.contents));
  const candidates = selector.document === undefined ? filled : named(stream, filled, selector.document);
  const [only = all[0]] = candidates;
  if (only === undefined) throw new Error("A stream has at least one document.");
  if (candidates.length <= 1) {
    if (candidates.length === 0 && all.length > 1) refuse("edit/no-key", "All documents of the file are empty.");
    return walk(stream.text, only, selector.path, options);
  }
  return inExactlyOne(stream, candidates, selector, options);
}

function named(stream: Stream, documents: readonly YamlDocument[], name: DocumentName): YamlDocument[] {
  const matches = documents.filter((candidate) => {
    const seen = nameOf(candidate);
    return (
      seen !== undefined &&
      seen.kind === name.kind &&
      seen.name === name.name &&
      (name.namespace === undefined || seen.namespace === name.namespace)
    );
  });
  if (matches.length === 0) {
    const known = documents.map(nameOf).filter((seen) => seen !== undefined);
    const short = known.map(({ kind, name: own }) => formatDocument({ kind, name: own }));
    refuse("edit/no-key", `There is no document ${formatDocument(name)}.`, {
      fix: suggestion(formatDocument(name), short),
    });
  }
  if (matches.length > 1) {
    const lines = matches.map(({ document }) => lineAt(stream.text, startOf(document.contents) ?? 0));
    refuse(
      "edit/ambiguous",
      `${matches.length} documents are ${formatDocument(name)}, on the lines ${lines.join(", ")}.`,
      {
        fix: "Name the namespace as well: kind/namespace/name.",
      },
    );
  }
  return matches;
}

/** `kind`, `metadata.namespace` and `metadata.name`, where the document has them. */
function nameOf({ document }: YamlDocument): DocumentName | undefined {
  const value = (map: unknown, key: string): unknown =>
    isMap(map) ? map.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
  const metadata = value(document.contents, "metadata");
  const kind = scalarText(value(document.contents, "kind"));
  const name = scalarText(value(metadata, "name"));
  const namespace = scalarText(value(metadata, "namespace"));
  if (kind === undefined || name === undefined) return undefined;
  return namespace === undefined ? { kind, name } : { kind, name, namespace };
}

function inExactlyOne(stream: Stream, documents: YamlDocument[], selector: Selector, options: WalkOptions): Found {
  const found: Found[] = [];
  const refusals: Refusal[] = [];
  for (const document of documents) {
    try {
      const place = walk(stream.text, document, selector.path, options);
      if (place.kind === "found") found.push(place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A document of another shape is merely not the one meant; an alias or a key given twice is.
      if (error.code !== "edit/no-key") refusals.push(error);
    }
  }
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  const [only] = found;
  const path = JSON.stringify(formatSelector(selector));
  const fix = `Name the document, such as Deployment/web:${formatSelector(selector)}.`;
  if (only === undefined)
    return refuse("edit/no-key", `None of the ${documents.length} documents has ${path}.`, { fix });
  if (found.length > 1) refuse("edit/ambiguous", `${found.length} documents have ${path}.`, { fix });
  return only;
}
