import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sandbox, succeeded } from "../measure/run.ts";
import { Scene } from "../measure/scene.ts";
import { type Spread, spread } from "../measure/statistics.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { artifactOf, next } from "../repositories/contents.ts";
import { appsOf, commitsFor } from "../repositories/shape.ts";
import { glu, root } from "../ways/programs.ts";
import { environment } from "../ways/ways.ts";

export interface StartRow {
  what: string;
  /** To its end, or to its first byte on the wire. */
  until: "end" | "first byte";
  wall: Spread;
}

const files = 130;
const link = { roundTrip: 0, bandwidth: Number.POSITIVE_INFINITY };

/** Cold starts on a machine that has the files in its cache: bare Node, `glu version`, and each action. */
export async function measureStarts(runs: number): Promise<StartRow[]> {
  const shape = { files, commits: commitsFor(files), records: "few" as const };
  const base = await repositoryOf(shape);
  const [app = ""] = appsOf(shape);
  const { id } = artifactOf(app, next);
  const promotion = { app, environment, artifact: id };
  const starts: [string, () => Promise<Spread>][] = [
    ["node, nothing", () => toEnd(["--eval", "0"], runs)],
    ["glu version", () => toEnd([glu, "version"], runs)],
    [
      "glu promote",
      () => commandToWire(base, ["promote", "--app", app, "--environment", environment, "--artifact", id], runs),
    ],
    ["glu status", () => commandToWire(base, ["status"], runs)],
    ["action promote", () => actionToWire(base, "promote", promotion, runs)],
    ["root action, command: promote", () => actionToWire(base, "main", { command: "promote", ...promotion }, runs)],
    ["action build-artifact", () => actionToWire(base, "build-artifact", { app }, runs)],
  ];
  const rows: StartRow[] = [];
  for (const [what, measure] of starts) {
    const until = what === "glu version" || what.startsWith("node") ? "end" : "first byte";
    rows.push({ what, until, wall: await measure() });
  }
  return rows;
}

async function toEnd(args: readonly string[], runs: number): Promise<Spread> {
  using sandbox = new Sandbox();
  const walls: number[] = [];
  for (let run = 0; run < runs; run++) {
    walls.push(succeeded(await sandbox.run({ program: process.execPath, args })).wall);
  }
  return spread(walls);
}

async function commandToWire(base: string, command: readonly string[], runs: number): Promise<Spread> {
  return toWire(base, runs, (url) => ({ args: [glu, ...command, "--config-repository", url], env: {} }));
}

/** As GitHub's runner starts it: inputs in `INPUT_…`, files for outputs, the workspace as its folder. */
async function actionToWire(
  base: string,
  action: string,
  inputs: Record<string, string>,
  runs: number,
): Promise<Spread> {
  return toWire(base, runs, (url, folder) => {
    const file = (name: string, text = "") => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    mkdirSync(join(folder, "work"), { recursive: true });
    const given = { ...inputs, "config-repository": url, token: "ghs_0123456789abcdefghij" };
    return {
      args: [join(root, `dist/${action}.js`)],
      env: {
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: "push",
        GITHUB_EVENT_PATH: file("event.json", JSON.stringify({ sender: { login: "ada" } })),
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        GITHUB_ENV: file("env"),
        GITHUB_STATE: file("state"),
        GITHUB_PATH: file("path"),
        GITHUB_WORKSPACE: join(folder, "work"),
        RUNNER_TEMP: folder,
        GITHUB_SERVER_URL: new URL(url).origin,
        GITHUB_REPOSITORY: "acme/config",
        GITHUB_RUN_ID: "1",
        GITHUB_RUN_NUMBER: "1",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_WORKFLOW_REF: "acme/config/.github/workflows/promote.yml@refs/heads/main",
        GITHUB_JOB: "promote",
        GITHUB_SHA: "c".repeat(40),
        GITHUB_REF: "refs/heads/main",
        GITHUB_REF_NAME: "main",
        ...Object.fromEntries(Object.entries(given).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value])),
      },
    };
  });
}

type Start = (url: string, folder: string) => { args: readonly string[]; env: Record<string, string> };

/** Milliseconds from the start of a process to its first byte to the server. It is ended then. */
async function toWire(base: string, runs: number, start: Start): Promise<Spread> {
  const walls: number[] = [];
  for (let run = 0; run < runs; run++) {
    await using scene = await Scene.open(base, link);
    using sandbox = new Sandbox();
    const { args, env } = start(scene.url, sandbox.root);
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: sandbox.root,
      env: { ...sandbox.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const errors: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    const ended = new Promise<"ended">((resolve) => child.once("exit", () => resolve("ended")));
    const first = await Promise.race([scene.link.firstByte, ended]);
    child.kill("SIGKILL");
    await ended;
    if (first === "ended")
      throw new Error(`It ended before it asked anything: ${args.join(" ")}\n${Buffer.concat(errors)}`);
    walls.push(first - started);
  }
  return spread(walls);
}
