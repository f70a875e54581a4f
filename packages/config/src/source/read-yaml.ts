import {
  type Alias,
  type Document,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import { Places } from "./places.ts";
import type { Problem } from "./problem.ts";
import { explainYamlError } from "./yaml-errors.ts";

/** Characters. Far above any pipeline people can read; it bounds what a hostile file costs. */
const longest = 2 * 1024 * 1024;

/** Uses of one anchor times what it expands to. The library's 100 would forbid one anchor for 500 apps. */
const maxAliasCount = 10_000;

export type YamlRead = { kind: "read"; data: unknown; places: Places } | { kind: "bad"; problems: Problem[] };

/** YAML 1.2 with `<<` merges, one document, unique string keys, no tags. Positions do not count a byte order mark. */
export function readYaml(text: string): YamlRead {
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
    return { kind: "read", data: document.toJS({ maxAliasCount }), places: new Places(document.contents, aliases, at) };
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

type NodeProblem = Pick<Problem, "code" | "message" | "fix"> & { offset: number };

/** Finds what the parser leaves to later: aliases without an anchor or inside it, and keys that JavaScript treats apart. */
function checkNodes(document: Document, aliases: Map<Alias, Node>): NodeProblem[] {
  const found: NodeProblem[] = [];
  const anchors = new Map<string, Node>();
  visit(document, {
    Node: (_key, node) => {
      if ("anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && key.value === "__proto__") {
        const message = 'The key "__proto__" is not allowed.';
        found.push({ code: "config/unknown-key", message, fix: "Remove it.", offset: key.range?.[0] ?? 0 });
      }
    },
    Alias: (_key, alias, path) => {
      const offset = alias.range?.[0] ?? 0;
      const target = anchors.get(alias.source);
      const fix = `Put "&${alias.source}" before what it stands for, or quote a value that begins with '*'.`;
      if (target === undefined) {
        found.push({ code: "config/yaml", message: `No anchor for "*${alias.source}" above.`, fix, offset });
      } else if (path.includes(target)) {
        const message = `"*${alias.source}" stands inside what it stands for.`;
        found.push({ code: "config/yaml", message, fix: "Remove it.", offset });
      } else aliases.set(alias, target);
    },
  });
  return found;
}
