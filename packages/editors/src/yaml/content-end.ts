import { type CST, isCollection, isPair, isScalar } from "yaml";

/**
 * Where the content of a node ends: after its last character that is not a comment, a blank line or a line break.
 * For a pair without a value that is after its `:`.
 */
export function contentEnd(text: string, node: unknown): number {
  if (isPair(node)) {
    const token = node.srcToken;
    const marks = [...(token?.sep ?? [])].filter(({ type }) => ["map-value-ind", "anchor", "tag"].includes(type));
    const mark = marks.at(-1);
    return Math.max(
      mark === undefined ? 0 : mark.offset + mark.source.length,
      contentEnd(text, node.key),
      contentEnd(text, node.value),
    );
  }
  if (isCollection(node) && node.flow !== true) {
    const token = node.srcToken;
    const items: CST.CollectionItem[] =
      token !== undefined && "items" in token ? (token.items as CST.CollectionItem[]) : [];
    const dashes = items.flatMap(({ start }) =>
      start.filter(({ type }) => ["seq-item-ind", "anchor", "tag"].includes(type)),
    );
    const dash = dashes.at(-1);
    return Math.max(dash === undefined ? 0 : dash.offset + dash.source.length, contentEnd(text, node.items.at(-1)));
  }
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  if (range == null) return 0;
  if (isScalar(node) && node.srcToken?.type === "block-scalar") return blockEnd(text, node.srcToken, range[1]);
  if (isScalar(node) && node.srcToken !== undefined && "source" in node.srcToken && node.srcToken.source === "")
    return 0;
  return range[1];
}

/** Before the line break of the last line that belongs to a block scalar's value; with `+` blank lines belong to it. */
function blockEnd(text: string, token: CST.BlockScalar, end: number): number {
  const [header] = token.props;
  const keeps = header !== undefined && "source" in header && header.source.includes("+");
  const content = text.slice(0, end);
  return keeps ? content.replace(/\r?\n$/, "").length : content.trimEnd().length;
}
