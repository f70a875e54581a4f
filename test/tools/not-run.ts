import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Reporter } from "vitest/node";
import { evaluates } from "../../packages/evaluate/src/node-version.ts";

const root = join(import.meta.dirname, "../..");

/** Says, after the tests that need only Node and Git, which suites were left out and what runs them. */
export const sayWhatWasNotRun: Reporter = {
  onTestRunEnd() {
    const folders = ["test", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`)];
    const { node } = process.versions;
    if (!evaluates(node)) {
      console.log(
        `\nSKIPPED: what evaluates glu.config.ts, which needs Node 22.18, and this is ${node}. Tests that it says so were run.`,
      );
    }
    const suites = folders.flatMap(suitesIn).sort();
    console.log(
      `\nSKIPPED: ${suites.length} suites that need more than Node and Git (runners, a registry, SSH, a browser).\n` +
        `${suites.map((suite) => `  ${suite}\n`).join("")}.ci/run installs what they need and runs everything.`,
    );
  },
};

function suitesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".itg.test.ts"))
    .map((path) => `${folder}/${path}`);
}
