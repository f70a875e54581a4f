import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostileReports } from "../../packages/report/src/golden/hostile.ts";
import { scenarios } from "../../packages/report/src/golden/scenarios.ts";
import { type GraphReport, renderHtml, renderMarkdown, renderSvg } from "../../packages/report/src/index.ts";
import { githubPage } from "./github-page.ts";
import { pictureOf } from "./picture-of.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
if (executable === undefined) console.warn("SKIPPED: pictures of reports need a browser: apt-get install -y chromium");

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const schemes = ["light", "dark"] as const;
const reports = { ...scenarios, ...hostileReports };
let browser: Browser;

beforeAll(async () => {
  if (executable === undefined) return;
  browser = await chromium.launch({
    executablePath: executable,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
});
afterAll(async () => {
  if (executable === undefined) return;
  await browser.close();
});

async function open(html: string, colorScheme: "light" | "dark", width: number): Promise<Page & AsyncDisposable> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 }, offline: true });
  await page.setContent(html, { waitUntil: "load" });
  return Object.assign(page, { [Symbol.asyncDispose]: () => page.close() });
}

/** How far the page reaches beyond its right edge, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.skipIf(executable === undefined).each(Object.keys(reports))("the report %s", (name) => {
  const report = reports[name]!;

  test.each(schemes)("is drawn as a GitHub summary, whole and within the page, in %s", async (scheme) => {
    await using page = await open(githubPage(renderMarkdown(report, { flavor: "github" })), scheme, 1060);
    await page.evaluate("window.done");
    expect(await page.evaluate("window.broken")).toEqual([]);
    expect(await page.locator("code.language-mermaid").count()).toBe(0);
    expect(await page.getByText("Unsupported markdown").count()).toBe(0);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await pictureOf(page, `${name}-github-${scheme}`);
    await page.evaluate(() => {
      for (const one of document.querySelectorAll("details")) one.open = true;
    });
    await pictureOf(page, `${name}-github-${scheme}-open`);
  });

  test.each(schemes)("is an HTML page that fits wide and narrow windows and is accessible, in %s", async (scheme) => {
    const html = renderHtml(report);
    for (const width of [1100, 400]) {
      await using page = await open(html, scheme, width);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await pictureOf(page, `${name}-html-${scheme}-${width}`);
      await page.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
      });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.evaluate(axe);
      const found = await page.evaluate<{ passes: number; violations: unknown[] }>(
        `axe.run(document).then(({ passes, violations }) => ({
          passes: passes.length,
          violations: violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
        }))`,
      );
      expect(found.violations).toEqual([]);
      expect(found.passes).toBeGreaterThan(10);
      if (width === 1100) await pictureOf(page, `${name}-html-${scheme}-open`);
    }
  });
});

test.skipIf(executable === undefined)("the drawing's texts lie within their boxes, also with a long name", async () => {
  const drawn = scenarios["graph-running"] as GraphReport;
  const [first, ...others] = drawn.environments;
  const name = "pre-production-with-a-very-long-name-of-sixty-three-characters" as never;
  const long = { ...drawn, environments: [{ ...first!, name }, ...others] };
  await using page = await open(renderSvg(long), "light", 1900);
  await pictureOf(page, "graph-long", { fullPage: false });
  const beyond = await page.evaluate(() =>
    [...document.querySelectorAll("g")].flatMap((group) => {
      const box = group.querySelector("rect")!.getBBox();
      return [...group.querySelectorAll("text")].map(
        (text) => text.getBBox().x + text.getBBox().width - box.x - box.width,
      );
    }),
  );
  expect(beyond.length).toBeGreaterThan(5);
  expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
});
