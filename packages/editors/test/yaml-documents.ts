import fc from "fast-check";
import type { Segment } from "../src/selector/selector.ts";

/** A scalar of a generated file: where it is, what it is, and where its text stands. */
export interface Target {
  path: Segment[];
  text: string;
  style: "plain" | "number" | "single" | "double" | "literal" | "empty";
  start: number;
  end: number;
}

/** A generated YAML file. */
export interface Sample {
  text: string;
  bom: boolean;
  targets: Target[];
}

type Tree =
  | { kind: "scalar"; style: Target["style"]; text: string; comment: string }
  | { kind: "map"; flow: boolean; children: Tree[]; noise: string[] }
  | { kind: "list"; flow: boolean; children: Tree[]; noise: string[]; named: boolean };

const word = fc
  .stringMatching(/^[a-z][a-z-]{0,6}[a-zö]$/)
  .filter((text) => !/^(?:on|off|no|yes|true|false|null)$/.test(text));
const comment = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.constantFrom("  # why", " #", "\t# ä: {x}", "   "),
);
const noise = fc.array(fc.constantFrom("", "", "", "\n", " \n", "# note: 'x\n"), { maxLength: 4 });

const scalar: fc.Arbitrary<Tree> = fc
  .constantFrom<Target["style"]>("plain", "number", "single", "double", "literal", "empty")
  .chain((style) =>
    fc.record({
      kind: fc.constant("scalar" as const),
      style: fc.constant(style),
      text:
        style === "number"
          ? fc.constantFrom("0", "3", "-7", "0.5", "true", "false")
          : style === "empty"
            ? fc.constant("")
            : word,
      comment,
    }),
  );

const { tree } = fc.letrec<{ tree: Tree; map: Tree; list: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, scalar, tie("map"), tie("list")),
  map: fc.record({
    kind: fc.constant("map" as const),
    flow: fc.boolean(),
    children: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
    noise,
  }),
  list: fc.record({
    kind: fc.constant("list" as const),
    flow: fc.boolean(),
    children: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    noise,
    named: fc.boolean(),
  }),
}));

/** Files in many styles: block and flow, quotes, comments, blank lines, indentation, CRLF, BOM, no last line break. */
export const sampleArbitrary: fc.Arbitrary<Sample> = fc
  .record({
    children: fc.array(tree, { minLength: 1, maxLength: 4 }),
    step: fc.constantFrom(1, 2, 4),
    compact: fc.boolean(),
    crlf: fc.boolean(),
    bom: fc.boolean(),
    marker: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ children, step, compact, crlf, bom, marker, ended }) => {
    const eol = crlf ? "\r\n" : "\n";
    const targets: Target[] = [];
    let text = marker ? `# head${eol}---${eol}` : "";
    const put = (piece: string): void => {
      text += piece;
    };
    const mark = (
      path: Segment[],
      node: Extract<Tree, { kind: "scalar" }>,
      style: Target["style"],
      write: () => void,
    ): void => {
      const start = text.length;
      write();
      targets.push({ path, text: node.text, style, start, end: text.length });
    };
    const quoted = (node: Extract<Tree, { kind: "scalar" }>): string =>
      node.style === "single"
        ? `'${node.text}'`
        : node.style === "double" || node.style === "literal"
          ? `"${node.text}"`
          : node.text;
    const flow = (node: Tree, path: Segment[]): void => {
      if (node.kind === "scalar") {
        const style = node.style === "literal" ? "double" : node.style;
        if (style === "empty") mark(path, { ...node, text: "e" }, "plain", () => put("e"));
        else mark(path, node, style, () => put(quoted(node)));
        return;
      }
      put(node.kind === "map" ? "{" : "[");
      for (const [index, child] of node.children.entries()) {
        if (index > 0) put(", ");
        if (node.kind === "map") put(`k${index}: `);
        flow(child, [...path, node.kind === "map" ? { kind: "key", key: `k${index}` } : { kind: "index", index }]);
      }
      put(node.kind === "map" ? "}" : "]");
    };
    // Writes a value that follows "key:" or "-", up to and with its line break.
    const value = (node: Tree, path: Segment[], indent: number): void => {
      if (node.kind === "scalar") {
        if (node.style === "literal") {
          put(" ");
          mark(path, { ...node, text: `${node.text}\n` }, "literal", () =>
            put(`|${eol}${" ".repeat(indent + step)}${node.text}${eol}`),
          );
          return;
        }
        if (node.style === "empty") mark(path, node, "empty", () => {});
        else {
          put(" ");
          mark(path, node, node.style, () => put(quoted(node)));
        }
        put(node.comment + eol);
        return;
      }
      if (node.flow) {
        put(" ");
        flow(node, path);
        put(eol);
        return;
      }
      put(eol);
      block(node, path, node.kind === "list" && compact ? indent : indent + step);
    };
    const block = (node: Exclude<Tree, { kind: "scalar" }>, path: Segment[], indent: number): void => {
      for (const [index, child] of node.children.entries()) {
        put((node.noise[index] ?? "").replace("\n", eol));
        put(" ".repeat(indent));
        if (node.kind === "map") {
          put(`k${index}:`);
          value(child, [...path, { kind: "key", key: `k${index}` }], indent);
        } else if (node.named) {
          put(`- name: n${index}${eol}${" ".repeat(indent + 2)}v:`);
          value(
            child,
            [...path, { kind: "item", key: "name", value: `n${index}` }, { kind: "key", key: "v" }],
            indent + 2,
          );
        } else {
          put("-");
          // A list directly in a list must be indented further.
          value(child, [...path, { kind: "index", index }], child.kind === "list" && compact ? indent + step : indent);
        }
      }
    };
    for (const [index, child] of children.entries()) {
      put(`t${index}:`);
      value(child, [{ kind: "key", key: `t${index}` }], 0);
    }
    put(`# end${eol}`);
    return { text: ended ? text : text.slice(0, -eol.length), bom, targets };
  });

/** Values that YAML reads as other types, has special characters for, or cannot write plainly; and any text. */
export const valueArbitrary = fc.oneof(
  word,
  fc.constantFrom(
    "1.10",
    "true",
    "no",
    "on",
    "0123",
    "1_000",
    "123e4567",
    "12:30:45",
    "1234567",
    "null",
    "~",
    "",
    ".inf",
    "0x1F",
    "0o17",
    "2024-01-02",
    "=",
    "<<",
    "5",
    "0.5",
    "false",
    "a: b",
    "a #b",
    "- x",
    "a, b",
    "{a}",
    "it's",
    '"q"',
    " lead",
    "trail ",
    "one\ntwo",
    "end\n",
    "a\n\nb\n\n",
    "\t",
    "a\\b",
    "é😀",
    "\u2028",
    "\ufeff",
    "\u0085",
    "a\r\nb",
    "---",
    "...",
    "%x",
    "@x",
    "`x",
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.stringMatching(/^[0-9a-f]{7}$/),
  fc.stringMatching(/^[-+0-9._:eExob]{1,8}$/),
);
