import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type BuildRun,
  type Bytes,
  type CommandResult,
  GluError,
  type ManifestBuild,
  type ManifestBuilder,
  OutsideError,
  UserError,
} from "@glu/core";
import type { Environment } from "../command/environment.ts";
import { openCommandRunner } from "../command/runner.ts";
import { type Call, callsOf } from "./calls.ts";

export interface ManifestBuilderOptions {
  /** The job's environment, of which a program gets next to nothing. */
  env: Environment;
  /** The folder in which one is made for each build. It exists. */
  temp: string;
  /** A text without the secrets of this run. */
  redact(text: string): string;
  limits?: Limits;
}

interface Limits {
  milliseconds: number;
  /** Of what is made. */
  bytes: number;
}

const usual: Limits = { milliseconds: 120_000, bytes: 4_000_000 };
/** Characters of what a program said that are shown. */
const mostSaid = 2_000;

/**
 * Makes manifests by `kustomize`, else `kubectl kustomize`, or by `helm template`. The program sees a folder that has the
 * given files and nothing else, for this user alone, removed afterwards.
 */
export function openManifestBuilder({ env, temp, redact, limits = usual }: ManifestBuilderOptions): ManifestBuilder {
  return {
    async build(build: ManifestBuild): Promise<Bytes> {
      const root = await mkdtemp(join(temp, "glu-build-"));
      try {
        const [tree, made] = [join(root, "tree"), join(root, "made")];
        for (const folder of [tree, made, join(root, "home")]) await mkdir(folder);
        for (const [path, content] of build.files) {
          const file = join(tree, path);
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, content);
        }
        // What a program says of its folder is said of the repository's.
        const shown = (text: string) => redact(text).replaceAll(`${tree}/`, "");
        const runner = openCommandRunner({ env, cwd: tree, redact: shown });
        const calls = callsOf(build.run, { made, home: join(root, "home"), env });
        await firstThatIsThere(calls, build.run, (call, signal) => runner.run(call, signal), limits);
        return await allIn(made, build.run, limits);
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    },
  };
}

type Run = (call: Call, signal: AbortSignal) => Promise<CommandResult>;

/** Runs the first of the programs that the runner has. */
async function firstThatIsThere(calls: readonly Call[], { by }: BuildRun, run: Run, limits: Limits): Promise<void> {
  for (const call of calls) {
    const signal = AbortSignal.timeout(limits.milliseconds);
    const result = await run(call, signal).catch(isAbsent);
    if (result === undefined) continue;
    if (signal.aborted) {
      throw new OutsideError("preview/slow-build", `${call.shown} took more than ${limits.milliseconds / 1000} s.`, {
        seen: call.shown,
        fix: "Let it fetch less, or run it again.",
      });
    }
    if (result.code === 0) return;
    const said = result.output.trim().slice(-mostSaid);
    throw new UserError("preview/build", `${call.shown} failed: ${said || `exit code ${result.code}`}`, {
      seen: result.code,
      fix: "Correct the template on its branch: what it says is of the files there.",
    });
  }
  const names = calls.map(({ argv: [program] }) => program);
  throw new UserError("preview/no-program", `Neither is on the PATH: ${names.join(", ")}.`, {
    seen: names,
    fix: `Install ${names[0]} in a step before, or leave out render: ${by}.`,
  });
}

/** Only that the program is not there lets another one be tried. */
function isAbsent(error: unknown): undefined {
  if (error instanceof GluError && error.code === "command/not-started" && error.seen === "ENOENT") return undefined;
  throw error;
}

/** What was made, file by file in the order of their paths: always the same bytes. */
async function allIn(folder: string, { by }: BuildRun, { bytes: most }: Limits): Promise<Bytes> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents: string[] = [];
  let bytes = 0;
  for (const path of paths.sort()) {
    bytes += (await stat(path)).size;
    if (bytes > most) {
      throw new UserError("preview/too-large", `What ${by} makes has more than ${most / 1_000_000} MB.`, {
        seen: by,
        fix: "A preview is rendered with every push: keep what it does not need somewhere else.",
      });
    }
    const text = await readFile(path, "utf8");
    if (text.trim() !== "") contents.push(text.endsWith("\n") ? text : `${text}\n`);
  }
  if (contents.length === 0) {
    throw new UserError("preview/build", `${by} made nothing.`, { seen: by, fix: "Look at the template's files." });
  }
  return new TextEncoder().encode(
    contents.map((text, at) => (at > 0 && !isMarked(text) ? `---\n${text}` : text)).join(""),
  );
}

const isMarked = (text: string): boolean => /^---(?:\s|$)/.test(text);
