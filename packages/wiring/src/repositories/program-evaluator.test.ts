import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { evaluates } from "@glu/evaluate";
import { expect, it } from "vitest";

/** The processes that another one has started. */
function childrenOf(parent: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []));
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Until it is so, for ten seconds at most. */
async function until(isSo: () => boolean): Promise<boolean> {
  for (let look = 0; look < 200 && !isSo(); look++) await sleep(50);
  return isSo();
}

it
  .runIf(evaluates(process.versions.node) && process.platform !== "win32")
  .each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "a program that loops ends with a run that is told to end by %s",
  async (signal) => {
    const built = new URL("../../build/repositories/program-evaluator.js", import.meta.url).href;
    const script = `
      const { ProgramEvaluator } = await import(${JSON.stringify(built)});
      await new ProgramEvaluator().evaluate({ entry: "glu.config.ts", files: { "glu.config.ts": "for (;;) {}" } });`;
    const glu = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
    const ended = once(glu, "exit");
    const parent = glu.pid ?? 0;
    expect(await until(() => childrenOf(parent).length > 0)).toBe(true);
    const [child = 0] = childrenOf(parent);
    glu.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(await until(() => !lives(child))).toBe(true);
  },
);
