import type { ConfigSource } from "@glu/config";
import { type FileAt, type RepoPath, type Snapshot, UserError } from "@glu/core";
import { type ConfigPlace, defaultConfigFile, programConfigFile } from "./config-place.ts";
import { readProgram } from "./read-program.ts";
import { textOf } from "./text-of.ts";

/** A config as it was found: what it says, and under which path. */
export interface ConfigRead {
  file: RepoPath;
  source: ConfigSource;
  /** What tells it from another state of it. */
  key: string;
}

const isProgram = (file: RepoPath): boolean => file.endsWith(".ts");

/**
 * Finds the config at a tip, and evaluates it when it is a program.
 * @throws UserError `config/not-found`, `config/two`, `config/encoding`, and those of the evaluation
 */
export function configReader({ file: named, evaluator, trusted = async (tip) => tip }: ConfigPlace) {
  let last: ConfigRead | undefined;
  return async (tip: Snapshot): Promise<ConfigRead> => {
    const candidates = named === undefined ? [defaultConfigFile, programConfigFile] : [named];
    const [first, second] = await tip.read(candidates);
    if (first !== undefined && second !== undefined) throw two(first[0], second[0]);
    const file = first?.[0] ?? (await programElsewhere(tip)) ?? candidates[0];
    if (file !== undefined && isProgram(file)) return program(await trusted(tip), file);
    if (first === undefined) throw notFound(tip, candidates);
    if (first[1].kind !== "file") throw noFile(first[0], first[1]);
    const text = textOf(first[0], first[1].content);
    return { file: first[0], source: { text }, key: text };
  };

  /** A branch that is not the default one needs no program of its own: it would not be read. */
  async function programElsewhere(tip: Snapshot): Promise<RepoPath | undefined> {
    if (named !== undefined) return undefined;
    const source = await trusted(tip);
    return source !== tip && (await source.read([programConfigFile])).size > 0 ? programConfigFile : undefined;
  }

  async function program(tip: Snapshot, file: RepoPath): Promise<ConfigRead> {
    const found = (await tip.read([file])).get(file);
    if (found === undefined) throw notFound(tip, [file]);
    if (found.kind !== "file") throw noFile(file, found);
    const config = await readProgram(tip, file);
    const key = JSON.stringify(config);
    // What has not changed since the last attempt is not evaluated again.
    if (last?.key !== key) last = { file, source: { data: await evaluator.evaluate(config) }, key };
    return last;
  }
}

function two(one: RepoPath, other: RepoPath): UserError {
  return new UserError("config/two", `There are ${one} and ${other}, and only one of them can be the pipeline.`, {
    seen: [one, other],
    at: { file: other },
    fix: "Remove one of them, or name the one that counts with config.",
  });
}

function notFound(tip: Snapshot, files: readonly RepoPath[]): UserError {
  const [file = defaultConfigFile] = files;
  return new UserError("config/not-found", `There is no ${files.join(" or ")} at the tip of ${tip.branch}.`, {
    seen: file,
    at: { file },
    fix: "Add it to that branch, name another with config, or check config-repository and ref.",
  });
}

function noFile(file: RepoPath, { kind }: FileAt): UserError {
  return new UserError("config/not-found", `A ${kind} is at ${file}, and no file.`, {
    seen: file,
    at: { file },
    fix: "Put the file itself there: a link could lead anywhere, so none is followed.",
  });
}
