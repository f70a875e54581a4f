import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Files Git knows or would add, relative to the root. */
export function filesOf(...patterns: string[]): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...patterns],
    { cwd: root, encoding: "utf8" },
  );
  return listed.split("\0").filter((path) => path !== "");
}

/** Every page that people read. Golden files are answers of the product, not pages. */
export const pages = filesOf("*.md").filter((path) => !path.includes("/golden/"));

export interface Block {
  page: string;
  /** 1-based line of its fence. */
  line: number;
  language: string;
  /** What stands behind the language: `demo`, `glu`, `file=examples/…`. */
  tags: readonly string[];
  text: string;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[]; fence: string } | undefined;
  read(page)
    .split("\n")
    .forEach((text, index) => {
      const fence = /^\s*(`{3,}|~{3,})(.*)$/.exec(text);
      if (open === undefined) {
        if (fence?.[1] !== undefined) open = { line: index + 1, info: fence[2] ?? "", lines: [], fence: fence[1] };
      } else if (fence?.[1]?.startsWith(open.fence) && fence[2]?.trim() === "") {
        const [language = "", ...tags] = open.info.trim().split(/\s+/);
        blocks.push({ page, line: open.line, language, tags, text: `${open.lines.join("\n")}\n` });
        open = undefined;
      } else open.lines.push(text);
    });
  if (open !== undefined) throw new Error(`${page}:${open.line} is never closed`);
  return blocks;
}

export const blocks = pages.flatMap(blocksOf);

/** The files that a page has, by path: its `path` blocks. */
export function filesOn(page: string): ReadonlyMap<string, string> {
  const path = ({ tags }: Block) => tags.find((tag) => tag.startsWith("path="))?.slice("path=".length);
  return new Map(
    blocks.flatMap((block) => (block.page === page && path(block) ? [[path(block) ?? "", block.text]] : [])),
  );
}

/** How a failure names a block. */
export const nameOf = ({ page, line }: Block): string => `${page}:${line}`;

/** A page without its fenced blocks and code spans: what links and headings are looked for in. */
export function proseOf(page: string): string {
  let fence: string | undefined;
  return read(page)
    .split("\n")
    .map((line) => {
      const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
        fence = fence === undefined ? mark : undefined;
        return "";
      }
      return fence === undefined ? line : "";
    })
    .join("\n");
}

/** Rows of a table as arrays of cells, backticks kept; escaped pipes are pipes. */
export function rowsOf(page: string, heading: string): string[][] {
  const [, rest = ""] = read(page).split(new RegExp(`^#+ ${heading}\\n`, "m"));
  const section = rest.split(/^#/m)[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| ?-/.test(line))
    .slice(1)
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}
