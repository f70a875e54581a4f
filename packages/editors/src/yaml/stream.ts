import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  parseDocument,
} from "yaml";
import { refuse } from "../refusal.ts";
import { lineAt } from "../text/source.ts";

/** A YAML file as parsed: every node knows its range in `text`. */
export interface Stream {
  text: string;
  documents: YamlDocument[];
}

export interface YamlDocument {
  document: Document.Parsed;
  /** Names of anchors that some alias refers to. */
  aliased: ReadonlySet<string>;
}

/** The file before an edit and after it: one promotion reads each several times, and nothing changes a tree. */
const keptStreams = 2;
const lastStreams: Stream[] = [];

/**
 * Parses all documents. Refuses what has an error in any of them (`edit/syntax`) and a key given twice in one map
 * (`edit/duplicate-key`): a parser may then read it otherwise than the next one.
 */
export function parseStream(text: string): Stream {
  const known = lastStreams.find((stream) => stream.text === text);
  if (known !== undefined) return known;
  const stream = parse(text);
  lastStreams.unshift(stream);
  lastStreams.length = Math.min(lastStreams.length, keptStreams);
  return stream;
}

function parse(text: string): Stream {
  try {
    const parsed = parseAllDocuments(text, options);
    // A stream of nothing but comments has no documents; there is still a place to begin one.
    const documents = parsed.length === 0 ? [parseDocument(text, options)] : (parsed as Document.Parsed[]);
    return { text, documents: documents.map((document) => checkDocument(text, document)) };
  } catch (error) {
    // The library recurses.
    if (!(error instanceof RangeError)) throw error;
    return refuseDepth();
  }
}

const options = {
  keepSourceTokens: true,
  prettyErrors: false,
  // The library compares each key with all others; checkTree does it in one pass.
  uniqueKeys: false,
  logLevel: "silent",
} as const;

function refuseDepth(): never {
  return refuse("edit/syntax", "The YAML is nested too deeply.", { fix: "Nest it less." });
}

function checkDocument(text: string, document: Document.Parsed): YamlDocument {
  const [error] = document.errors;
  if (error !== undefined) {
    if (error.code === "RESOURCE_EXHAUSTION") refuseDepth();
    const line = lineAt(text, error.pos[0]);
    // The library ends some messages with the text that it saw, which may be secret.
    const what = error.message.replace(/: .*$/s, "");
    refuse("edit/syntax", `The file is not valid YAML: ${what}`, { line, fix: `Correct line ${line}.` });
  }
  const aliased = new Set<string>();
  checkTree(text, document.contents, aliased);
  return { document, aliased };
}

function checkTree(text: string, node: unknown, aliased: Set<string>): void {
  if (isAlias(node)) aliased.add(node.source);
  if (isSeq(node)) for (const item of node.items) checkTree(text, item, aliased);
  if (isPair(node)) {
    checkTree(text, node.key, aliased);
    checkTree(text, node.value, aliased);
  }
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const pair of node.items) {
    const identity = keyIdentity(pair.key);
    if (identity !== undefined && seen.has(identity)) {
      const line = lineAt(text, startOf(pair.key) ?? startOf(node) ?? 0);
      refuse("edit/duplicate-key", `The key ${JSON.stringify(keyText(pair.key))} stands twice in one map.`, {
        line,
        fix: `Remove one of them; the second is on line ${line}.`,
      });
    }
    if (identity !== undefined) seen.add(identity);
    checkTree(text, pair, aliased);
  }
}

function keyIdentity(key: unknown): string | undefined {
  if (key === null) return "null";
  return isScalar(key) ? `${typeof key.value} ${String(key.value)}` : undefined;
}

/** A key as a selector writes it; undefined for keys that are lists, maps or aliases. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : key.source;
}

/** The text of a scalar as it is read, before it becomes a number or the like. */
export function scalarText(node: unknown): string | undefined {
  return isScalar(node) ? (node.source ?? "") : undefined;
}

/** Whether nothing is written where the value would be: `key:`, perhaps with an anchor or a tag. */
export function isAbsent(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.type === "PLAIN" && (node.source ?? "") === "");
}

export function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

/** The keys of a map that a selector can name. */
export function keysOf(pairs: readonly Pair[]): string[] {
  return pairs.map((pair) => keyText(pair.key)).filter((key) => key !== undefined);
}
