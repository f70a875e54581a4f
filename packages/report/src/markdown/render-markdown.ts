import { describe } from "../describe/describe.ts";
import { type Room, rooms } from "../describe/room.ts";
import type { Block, Document } from "../document.ts";
import { markdownText } from "../escape/markdown.ts";
import { icons } from "../icons.ts";
import type { Report } from "../report.ts";
import { renderBlock } from "./blocks.ts";

export { markdownText } from "../escape/markdown.ts";
export { titleText } from "../escape/title.ts";

/** Where it is read. */
export type Flavor = "github" | "gitlab" | "gitea";

export interface MarkdownOptions {
  flavor: Flavor;
  /**
   * Bytes of UTF-8 that it may have; default 900,000: over 1 MiB a step's summary is dropped whole by GitHub's runner,
   * and a GitLab note holds 1,000,000 characters. A comment on GitHub holds 65,536.
   */
  limit?: number;
}

/**
 * The report as Markdown that GitHub, GitLab and Gitea show alike: header, matrix, decisions; the rest folded. Below
 * the limit diffs are left out first, then rows, with a line that says so; nothing is cut inside a construct.
 */
export function renderMarkdown(report: Report, { flavor, limit = 900_000 }: MarkdownOptions): string {
  let text = "";
  for (const [index, room] of rooms.entries()) {
    text = write(describe(report, room), flavor, index === 0 ? undefined : leftOut(limit, room));
    if (new TextEncoder().encode(text).length <= limit) return text;
  }
  const { headline } = describe(report, rooms.at(-1) ?? { rows: 0, diffLines: 0, allDiffLines: 0 });
  return write({ headline, blocks: [] }, flavor, `Everything else is left out to stay below ${limit} bytes.`);
}

function leftOut(limit: number, { rows, diffLines }: Room): string {
  const what = [
    diffLines === 0 ? "diffs" : "parts of diffs",
    ...(Number.isFinite(rows) ? [`rows beyond ${rows}`] : []),
  ];
  return `Left out to stay below ${limit.toLocaleString("en-US")} bytes: ${what.join(" and ")}.`;
}

function write({ headline, blocks }: Document, flavor: Flavor, notice: string | undefined): string {
  const all: Block[] = notice === undefined ? blocks : [{ kind: "notice", tone: "note", line: [notice] }, ...blocks];
  const title = `## ${icons[headline.icon].emoji} ${markdownText(headline.text)}`;
  return `${[title, ...all.map((block) => renderBlock(block, flavor))].join("\n\n")}\n`;
}
