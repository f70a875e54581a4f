import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import rehypeRaw from "rehype-raw";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

const require = createRequire(import.meta.url);
const read = (file: string): string => readFileSync(require.resolve(file), "utf8");

/** Markdown to the HTML that GitHub leaves of it: GFM, raw HTML sanitised by GitHub's list. */
export function githubHtml(markdown: string): string {
  return String(
    unified()
      .use(remarkParse)
      .use(remarkGfm)
      .use(remarkRehype, { allowDangerousHtml: true })
      .use(rehypeRaw)
      .use(rehypeSanitize)
      .use(rehypeStringify)
      .processSync(markdown),
  );
}

/** GitHub draws alerts and diagrams after sanitising; so does this. */
const draw = `
for (const quote of document.querySelectorAll("blockquote")) {
  const first = quote.querySelector("p");
  const [, kind] = /^\\[!(\\w+)\\]/.exec(first.textContent) ?? [];
  if (!kind) continue;
  first.innerHTML = first.innerHTML.replace(/^\\[!\\w+\\]\\s*/, "");
  const alert = document.createElement("div");
  alert.className = "markdown-alert markdown-alert-" + kind.toLowerCase();
  alert.innerHTML = '<p class="markdown-alert-title">' + kind[0] + kind.slice(1).toLowerCase() + "</p>" + quote.innerHTML;
  quote.replaceWith(alert);
}
window.broken = [];
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "default" });
const drawn = [...document.querySelectorAll("code.language-mermaid")].map(async (code, index) => {
  try {
    const { svg } = await mermaid.render("diagram" + index, code.textContent);
    const box = document.createElement("div");
    box.className = "diagram";
    box.innerHTML = svg;
    code.parentElement.replaceWith(box);
  } catch (error) {
    window.broken.push(String(error));
  }
});
window.done = Promise.all(drawn);
`;

/** A page that shows Markdown as a job summary shows it. */
export function githubPage(markdown: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Summary</title>
<style>${read("github-markdown-css/github-markdown.css")}
body{margin:0}.markdown-body{max-width:1012px;margin:0 auto;padding:24px}
.diagram{display:flex;justify-content:center;margin-bottom:16px}</style></head>
<body class="markdown-body"><main class="markdown-body">${githubHtml(markdown)}</main>
<script>${read("mermaid/dist/mermaid.min.js").replaceAll("</script", "<\\/script")}</script><script>${draw}</script></body></html>`;
}
