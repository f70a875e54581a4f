// What a page is made of, without its words. Test support.
import rehypeParse from "rehype-parse";
import rehypeRaw from "rehype-raw";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

export interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

const github = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize);

/** Markdown as a forge reads it: CommonMark, GFM, raw HTML, sanitised. */
export const readMarkdown = (markdown: string): Node => github.runSync(github.parse(markdown)) as Node;
/** The same before it is sanitised: nothing may depend on the sanitiser. */
const raw = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { allowDangerousHtml: true }).use(rehypeRaw);
export const readRawMarkdown = (markdown: string): Node => raw.runSync(raw.parse(markdown)) as Node;
export const readHtml = (html: string): Node => unified().use(rehypeParse).parse(html) as Node;

/** Elements with their attributes, nested, without text. */
export function skeleton(node: Node): string {
  const parts = (node.children ?? []).map(skeleton);
  // More lines of text are more lines of a diff, of the same kinds.
  const inner = (node.tagName === "pre" ? [...new Set(parts)].sort() : parts).join("");
  if (node.type === "comment") return "(comment)";
  if (node.type !== "element") return inner;
  const attributes = Object.entries(node.properties ?? {})
    // A label is text, as what stands between the elements.
    .map(([name, value]) => (name === "ariaLabel" ? ` ${name}` : ` ${name}=${JSON.stringify(value)}`))
    .join("");
  return `(${node.tagName}${attributes}${inner})`;
}

/** The text that forges look into for mentions and references: all but code, preformatted text and links. */
export function prose(node: Node): string[] {
  if (node.type === "text") return [node.value ?? ""];
  if (["code", "pre", "a", "style"].includes(node.tagName ?? "")) return [];
  return (node.children ?? []).flatMap(prose);
}

export function text(node: Node): string {
  return node.type === "text" ? (node.value ?? "") : (node.children ?? []).map(text).join("");
}

/** The sources of its diagrams. */
export function diagrams(node: Node): string[] {
  const classes = node.properties?.className;
  if (Array.isArray(classes) && classes.includes("language-mermaid")) return [text(node)];
  return (node.children ?? []).flatMap(diagrams);
}
