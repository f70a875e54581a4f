export { type Annotation, annotations } from "./annotations.ts";
export { count } from "./clip.ts";
export { renderHtml } from "./html/render-html.ts";
export { toJson } from "./json/to-json.ts";
export { type Flavor, type MarkdownOptions, renderMarkdown } from "./markdown/render-markdown.ts";
export * from "./report.ts";
export { renderText, type TextOptions } from "./text/render-text.ts";
export { versionOf } from "./version.ts";
