import { type Alias, LineCounter, type Node, parseDocument, type YAMLParseError, type YAMLWarning } from "yaml";
import { checkNodes } from "./check-nodes.ts";
import { type Places, YamlPlaces } from "./places.ts";
import type { Problem } from "./problem.ts";
import { explainYamlError } from "./yaml-errors.ts";

/** Characters. Far above any pipeline people can read; it bounds what a hostile file costs. */
const longest = 2 * 1024 * 1024;

/** Uses of one anchor times what it expands to. The library's 100 would forbid one anchor for 500 apps. */
const maxAliasCount = 10_000;

export type SourceRead = { kind: "read"; data: unknown; places: Places } | { kind: "bad"; problems: Problem[] };

/** YAML 1.2 with `<<` merges, one document, unique string keys, no tags. Positions do not count a byte order mark. */
export function readYaml(text: string): SourceRead {
  if (last?.text !== text) last = { text, read: read(text) };
  return last.read;
}

/** One config is read twice in a row: for the folders that it discovers apps in, then as a whole. */
let last: { text: string; read: SourceRead } | undefined;

function read(text: string): SourceRead {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (source.length > longest) {
    const message = `The file has ${source.length} characters, and ${longest} are read at most.`;
    const fix = "Say what apps share under defaults, or split the pipeline.";
    return { kind: "bad", problems: [{ code: "config/too-large", message, fix, line: 1, column: 1 }] };
  }
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, merge: true, stringKeys: true, version: "1.2" } as const;
  const document = parseDocument(source, options);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = worthTelling([...document.errors, ...document.warnings]).map((error) => ({
    ...explainYamlError(error, source),
    ...at(error.pos[0]),
  }));
  if (problems.length > 0) return { kind: "bad", problems };
  const aliases = new Map<Alias, Node>();
  for (const { offset, ...problem } of checkNodes(document, aliases)) problems.push({ ...problem, ...at(offset) });
  if (problems.length > 0) return { kind: "bad", problems };
  try {
    const places = new YamlPlaces(document.contents, aliases, at);
    return { kind: "read", data: document.toJS({ maxAliasCount }), places };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const fix = "Use each anchor fewer times, or say what apps share under defaults.";
    return { kind: "bad", problems: [{ code: "config/yaml", message: `${error.message}.`, fix, line: 1, column: 1 }] };
  }
}

/** Every duplicate key; of other errors the first, since the rest mostly follow from it. */
function worthTelling<T extends YAMLParseError | YAMLWarning>(errors: readonly T[]): T[] {
  const syntax = errors.filter((error) => error.code !== "DUPLICATE_KEY").sort((a, b) => a.pos[0] - b.pos[0]);
  return syntax.length > 0 ? syntax.slice(0, 1) : [...errors];
}
