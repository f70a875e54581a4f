import { canonicalText, type PlainValue } from "../src/sops/plain-value.ts";
import type { Documents, Node } from "../src/sops/tree.ts";

/** What stands in a file, a line each: `path type value`, comments as `# text`. Documents begin with `---`. */
export function show(documents: Documents): string[] {
  return documents.flatMap((document) => ["---", ...lines(document, "")]);
}

function lines(node: Node<PlainValue>, at: string): string[] {
  const below = (key: string | number) => (at === "" ? String(key) : `${at}.${key}`);
  switch (node.kind) {
    case "null":
      return [`${at} null`];
    case "value":
      return [
        `${at} ${node.value.type} ${node.value.type === "bytes" ? "…" : JSON.stringify(canonicalText(node.value))}`,
      ];
    case "map": {
      const inner = node.items.flatMap((item) =>
        item.kind === "comment" ? [`#${item.text}`] : lines(item.node, below(item.key)),
      );
      return node.items.some((item) => item.kind === "item") || at === "" ? inner : [...inner, `${at} {}`];
    }
    case "list": {
      if (node.items.length === 0) return [`${at} []`];
      let index = 0;
      return node.items.flatMap((item) => (item.kind === "comment" ? [`#${item.text}`] : lines(item, below(index++))));
    }
  }
}
