import { join } from "node:path";
import type { Page } from "playwright-core";

const folder = process.env.PICTURES;

/** Takes a picture for somebody to look at, where a folder for them is named: what a test expects hangs on none of them. */
export async function pictureOf(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
