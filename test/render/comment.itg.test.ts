import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderWhereItRuns } from "../../packages/report/src/markdown/where-it-runs.ts";
import { githubPage } from "./github-page.ts";
import { pictureOf } from "./picture-of.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
if (executable === undefined) console.warn("SKIPPED: pictures of comments need a browser: apt-get install -y chromium");

let browser: Browser;

beforeAll(async () => {
  if (executable === undefined) return;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: executable, args });
});
afterAll(async () => {
  if (executable !== undefined) await browser.close();
});

const row = {
  app: "frontend",
  environment: "staging",
  version: "v1.2.0",
  request: "r1",
  mergedAt: "2026-11-28T08:05:00.000Z",
  releasedAt: "2026-11-28T08:09:00.000Z",
  commit: "https://github.com/acme/config/commit/1234",
  next: { version: "v1.3.0", at: "2026-11-28T11:00:00.000Z", kind: "overtaken" as const },
};
const { next: _, ...production } = { ...row, environment: "production", releasedAt: "2026-11-28T10:05:00.000Z" };
const hostile = "<img src=x onerror=alert(1)> @ada | `x` #1 --> ".repeat(5);
const comments = {
  usual: [row, { ...production, page: "https://frontend.example.org" }],
  "rolled back": [row, { ...production, next: { ...row.next, version: "v1.1.0", kind: "rolled-back" as const } }],
  hostile: [row, { ...production, app: hostile, version: hostile, page: "javascript:alert(1)" }],
};

describe.skipIf(executable === undefined).each(Object.entries(comments))("the comment %s", (name, rows) => {
  test.each(["light", "dark"] as const)("is drawn whole and within the page, in %s", async (colorScheme) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 760, height: 400 }, offline: true });
    await page.setContent(githubPage(renderWhereItRuns(rows, "github")), { waitUntil: "load" });
    await page.evaluate("window.done");
    expect(await page.evaluate("window.broken")).toEqual([]);
    expect(await page.locator("tbody tr").count()).toBe(rows.length);
    expect(await page.getByText("after merge").count()).toBe(rows.length);
    expect(await page.locator("img").count()).toBe(0);
    await pictureOf(page, `comment-${name}-${colorScheme}`);
    await page.close();
  });
});
