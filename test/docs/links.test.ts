import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, proseOf, root } from "./pages.ts";

/** A heading as GitHub makes an anchor of it. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("`", "")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = anchorOf(heading);
    let count = 0;
    while (anchors.has(count === 0 ? anchor : `${anchor}-${count}`)) count += 1;
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

const anchors = new Map(pages.map((page) => [page, anchorsOf(page)]));

/** What a page links to: Markdown links and images, code spans left out. */
function linksOf(page: string): string[] {
  const prose = proseOf(page).replace(/(`+)(?:(?!\1).)*\1(?!\()/g, (code) => code.replace(/[[\]()]/g, "_"));
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? "");
}

/** Why a link leads nowhere; undefined when it leads somewhere. */
function whyBroken(page: string, target: string): string | undefined {
  if (/^https:\/\//.test(target)) return URL.canParse(target) ? undefined : "is no URL";
  if (/^[a-z]+:/.test(target)) return "is not https";
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (file.startsWith("..")) return "leaves the repository";
  if (!existsSync(join(root, file))) return "does not exist";
  if (anchor === undefined) return undefined;
  return anchors.get(file)?.has(anchor) ? undefined : "has no such heading";
}

describe("the links", () => {
  it.each(pages)("of %s lead somewhere", (page) => {
    const broken = linksOf(page).flatMap((target) => {
      const why = whyBroken(page, target);
      return why === undefined ? [] : [`${target} ${why}`];
    });
    expect(broken).toEqual([]);
  });

  it("are found, and broken ones too", () => {
    expect(linksOf("README.md")).toContain("docs/trust.md#one-repository");
    expect(linksOf("docs/architecture.md")).toContain("../packages/core/src/transact.ts");
    expect(whyBroken("README.md", "docs/nothing.md")).toBe("does not exist");
    expect(whyBroken("README.md", "docs/trust.md#nothing")).toBe("has no such heading");
    expect(whyBroken("docs/trust.md", "../../x")).toBe("leaves the repository");
  });

  it("lead from the README to every page of docs", () => {
    const targets = new Set(linksOf("README.md").map((target) => target.split("#")[0]));
    expect(pages.filter((page) => page.startsWith("docs/") && !targets.has(page))).toEqual([]);
  });
});
