import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { filesOn } from "./pages.ts";

// The Job of docs/previews.md is run as Kubernetes would, and killed wherever it can be.
interface Job {
  kind: string;
  spec: { template: { spec: { containers: { command: string[]; args: string[] }[] } } };
}
const text = filesOn("docs/previews.md").get("preview-templates/frontend/seed.yaml") ?? "";
const job = parseAllDocuments(text)
  .map((document) => document.toJS() as Job)
  .find(({ kind }) => kind === "Job");
const [
  {
    command: [shell = "", ...flags],
    args,
  } = { command: [], args: [] },
] = job?.spec.template.spec.containers ?? [];

const seed = "0123456789ab";
const files = ["1", "2", "3"];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-seed-"));
  for (const name of ["bin", "data"]) mkdirSync(join(folder, name));
  // Kills the pod it is in when its turn has come: a group of processes of its own.
  const mayDie = (at: string) => `if [ "\${DIES:-}" = "${at}" ]; then kill -KILL 0; fi\n`;
  program("fill", `for file in ${files.join(" ")}; do ${mayDie("$file")} echo "$file" >"$1/$file"; wait_for_it; done`);
  program(
    "wait_for_it",
    `if [ -n "\${WAITS:-}" ]; then touch "$WAITS.begun"; while [ ! -e "$WAITS" ]; do sleep 0.05; done; fi`,
  );
  program("sync", mayDie("sync"));
  program("mv", `${mayDie("mv")} /bin/mv "$@"; ${mayDie("moved")}`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const program = (name: string, script: string) =>
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\nset -eu\n${script}\n`, { mode: 0o755 });

const run = (env: Record<string, string> = {}): Promise<number | NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    const pod = spawn(shell, [...flags, ...args], {
      ...{ cwd: join(folder, "data"), stdio: "ignore", detached: true, timeout: 60_000 },
      env: { PATH: [join(folder, "bin"), process.env.PATH].join(delimiter), SEED: seed, ...env },
    });
    pod.on("error", reject);
    pod.on("close", (status, signal) => resolve(signal ?? status));
  });

const there = (): string[] => readdirSync(join(folder, "data")).sort();
const expectComplete = () => {
  expect(there()).toEqual([seed]);
  const path = join(folder, "data", seed);
  expect(readdirSync(path).sort()).toEqual(files);
  for (const file of files) expect(readFileSync(join(path, file), "utf8")).toBe(`${file}\n`);
};

describe("the Job that fills a preview's data", () => {
  it("fills them once", async () => {
    expect(await run()).toBe(0);
    expectComplete();
    // It would die if it filled them again.
    expect(await run({ DIES: "1" })).toBe(0);
    expectComplete();
  });

  it.each([...files, "sync", "mv"])(
    "killed at %s leaves nothing that is taken for complete, and is done by the next",
    async (at) => {
      for (let times = 0; times < 2; times++) {
        expect(await run({ DIES: at })).toBe("SIGKILL");
        expect(there()).not.toContain(seed);
      }
      expect(await run()).toBe(0);
      expectComplete();
    },
  );

  it("killed once it is complete is complete", async () => {
    expect(await run({ DIES: "moved" })).toBe("SIGKILL");
    expectComplete();
  });

  it("started twice at once is complete by the first that ends, and the other takes nothing away", async () => {
    const go = join(folder, "go");
    const slow = run({ WAITS: go });
    for (let looks = 0; !existsSync(`${go}.begun`) && looks < 600; looks++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await run()).toBe(0);
    expectComplete();
    writeFileSync(go, "");
    expect(await slow).not.toBe(0);
    expectComplete();
  });
});
