import type { Stats } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemplates } from "@glu/config";
import {
  checkGates,
  checkWrites,
  configurableGates,
  type EntryAt,
  type FileAt,
  type RepoPath,
  refName,
  repoPath,
  type Sha,
  type Snapshot,
  timestamp,
  UserError,
  type WriteFinding,
} from "@glu/core";
import { editors } from "@glu/editors";
import type { validate as command, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import { defaultConfigFile } from "../repositories/config-file.ts";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { pipelineLoader } from "../repositories/load-pipeline.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu validate`: the working copy before it is pushed, or a config repository's tip. Exit code 2 when something is wrong. */
export async function runValidate(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context, cwd } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
  const local = inputs.configRepository === undefined && inputs.ref === undefined;
  const connection = local ? undefined : await connectConfig(inputs, repositories);
  const tip = connection === undefined ? folderSnapshot(cwd) : await connection.repository.open();
  const file = inputs.config === undefined ? defaultConfigFile : repoPath(inputs.config);
  if (local && !(await tip.read([file])).has(file)) {
    throw new UserError("config/not-found", `There is no ${file} in ${cwd}.`, {
      seen: file,
      at: { file },
      fix: "Run it in a folder that has one, name another path, or give --config-repository.",
    });
  }
  const pipeline = await (connection?.loadPipeline ?? pipelineLoader(file))(tip);
  await checkGates(pipeline, configurableGates);
  const findings = await checkWrites(pipeline, tip, { editors, templates: await createTemplates() });
  const errors = findings.filter(({ level }) => level === "error");
  const counts = `${count(pipeline.apps.size, "app")}, ${count(pipeline.environments.size, "environment")}`;
  const outcome = page(
    {
      tone: errors.length === 0 ? "ok" : "error",
      schema: "glu.validation.v1",
      result: errors.length === 0 ? "valid" : "invalid",
      headline:
        errors.length === 0
          ? `${pipeline.file} is valid: ${counts}`
          : `${pipeline.file}: ${count(errors.length, "place")} cannot be written`,
      columns: findings.length === 0 ? [] : ["Level", "App", "Environment", "Where", "What", "Fix"],
      rows: findings.map(rowOf),
      data: { file: pipeline.file, apps: pipeline.apps.size, environments: pipeline.environments.size, findings },
    },
    errors.length === 0 ? 0 : 2,
  );
  if (pipeline.apps.size > 0) return outcome;
  return { ...outcome, notices: [`${pipeline.file} declares no app, so nothing is ever promoted.`] };
}

function rowOf({ level, app, environment, path, line, code, message, fix }: WriteFinding): string[] {
  const where = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}`;
  return [level, app, environment, where, `${message} (${code})`, fix ?? ""];
}

/** A working copy as it lies there, committed or not. Git follows no symbolic link, so neither does this. */
function folderSnapshot(root: string): Snapshot {
  return {
    commit: "0".repeat(40) as Sha,
    branch: refName("working-copy"),
    committedAt: timestamp(0),
    async read(paths) {
      const found = await Promise.all(
        paths.map(async (path): Promise<[RepoPath, FileAt][]> => {
          const info = await entryAt(root, path);
          const executable = info !== undefined && (info.mode & 0o100) !== 0;
          if (info?.isSymbolicLink())
            return [[path, { kind: "symlink", executable: false, content: new Uint8Array() }]];
          if (!info?.isFile()) return [];
          return [[path, { kind: "file", executable, content: await readFile(join(root, path)) }]];
        }),
      );
      return new Map(found.flat());
    },
    async list(folder) {
      if (folder !== "" && !(await entryAt(root, folder))?.isDirectory()) return undefined;
      const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => undefined);
      return entries?.map((entry): EntryAt => ({ name: entry.name, kind: kindOf(entry) }));
    },
    log: async () => [],
  };
}

function kindOf(entry: Pick<Stats, "isDirectory" | "isSymbolicLink">): EntryAt["kind"] {
  return entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "symlink" : "file";
}

/** What is at a path; undefined when nothing is, or when the way to it goes through something that is no folder. */
async function entryAt(root: string, path: string): Promise<Stats | undefined> {
  const parts = path.split("/");
  let info: Stats | undefined;
  for (let depth = 1; depth <= parts.length; depth++) {
    if (info !== undefined && !info.isDirectory()) return undefined;
    info = await lstat(join(root, ...parts.slice(0, depth))).catch(() => undefined);
    if (info === undefined) return undefined;
  }
  return info;
}
