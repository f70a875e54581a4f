import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, visit } from "yaml";
import { isMergeKey } from "./places.ts";
import type { Problem } from "./problem.ts";

type NodeProblem = Pick<Problem, "code" | "message" | "fix"> & { offset: number };

/**
 * Finds what the parser leaves to later: aliases without an anchor or inside it, merges of what is no mapping, and the
 * key that JavaScript treats apart. Fills `aliases` with what each stands for.
 */
export function checkNodes(document: Document, aliases: Map<Alias, Node>): NodeProblem[] {
  const found: NodeProblem[] = [];
  const anchors = new Map<string, Node>();
  visit(document, {
    Node: (_key, node) => {
      if ("anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Pair: (_key, { key, value }) => {
      if (isMergeKey(key) && !mayMerge(value, anchors)) {
        const message = '"<<" merges mappings, and this is none.';
        found.push({ code: "config/yaml", message, fix: 'Write "<<: *anchor" of a mapping.', offset: offsetOf(key) });
      }
      if (isScalar(key) && key.value === "__proto__") {
        const message = 'The key "__proto__" is not allowed.';
        found.push({ code: "config/unknown-key", message, fix: "Remove it.", offset: offsetOf(key) });
      }
    },
    Alias: (_key, alias, path) => {
      const offset = offsetOf(alias);
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

function mayMerge(value: unknown, anchors: ReadonlyMap<string, Node>): boolean {
  const target = (node: unknown) => (isAlias(node) ? anchors.get(node.source) : node);
  const source = target(value);
  // An alias without an anchor is told for itself.
  if (source === undefined || isMap(source)) return true;
  return isSeq(source) && source.items.every((one) => target(one) === undefined || isMap(target(one)));
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
