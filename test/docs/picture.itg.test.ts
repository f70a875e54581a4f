import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { githubPage } from "../render/github-page.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
if (executable === undefined) throw new Error("No chromium: apt-get install -y chromium");

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "glu-picture-"));
/** `PICTURE=docs/images/summary.png` makes the picture of the README again. */
const picture = process.env.PICTURE === undefined ? join(folder, "summary.png") : join(root, process.env.PICTURE);

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "dist/glu.js"), "demo", "--keep", join(folder, "glu-demo")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the held promotion of the demo is drawn as GitHub shows it, for the README", async () => {
  const markdown = readFileSync(join(folder, "glu-demo/summaries/05-promote.md"), "utf8")
    // The folder of this run is nobody's business.
    .replaceAll(join(folder, "glu-demo").replace("/", "&#47;"), "&#47;tmp/glu-demo");
  const browser = await chromium.launch({
    executablePath: executable,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ colorScheme: "light", viewport: { width: 860, height: 600 }, offline: true });
    await page.setContent(githubPage(markdown), { waitUntil: "load" });
    await page.evaluate("window.done");
    expect(await page.evaluate("window.broken")).toEqual([]);
    await page.evaluate(() => {
      const changes = document.querySelector("details");
      if (changes !== null) changes.open = true;
    });
    expect(await page.getByText("was not released in staging").count()).toBeGreaterThan(0);
    await page.screenshot({ path: picture, fullPage: true });
  } finally {
    await browser.close();
  }
});
