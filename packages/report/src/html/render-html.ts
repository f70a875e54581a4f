import { describe } from "../describe/describe.ts";
import { ampleRoom } from "../describe/room.ts";
import { htmlText } from "../escape/html.ts";
import type { Report } from "../report.ts";
import { renderBlock } from "./blocks.ts";
import { renderIcon } from "./spans.ts";
import { style } from "./style.ts";

/**
 * The report as one HTML document: no script, no outside resource (and a policy that forbids them), light and dark,
 * headings and table headers for screen readers.
 */
export function renderHtml(report: Report): string {
  const { headline, blocks } = describe(report, { ...ampleRoom, diffLines: 5000, allDiffLines: 50_000 });
  const title = htmlText(headline.text);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${renderIcon(headline.icon)} ${title}</h1>
${blocks.map(renderBlock).join("\n")}
</main>
</body>
</html>
`;
}
