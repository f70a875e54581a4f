import { type AppName, type RepoPath, repoPath, UserError } from "@glu/core";
import type { Location } from "@glu/git";
import type { Env } from "../surroundings.ts";
import { defaultConfigFile, programConfigFile } from "./config-place.ts";

/** The input `commit-via`. */
export type CommitVia = "auto" | "wire" | "git" | "api";

/**
 * What Git is told about the way.
 * @throws UserError `repository/commit-via` for the wire where there is none
 */
export function environmentFor(via: CommitVia, kind: Location["kind"], location: string, env: Env): Env {
  if (via === "git") return { ...env, GLU_TRANSPORT: "git" };
  if (via !== "wire") return env;
  if (kind === "http") return { ...env, GLU_TRANSPORT: undefined };
  throw new UserError(
    "repository/commit-via",
    `commit-via: wire speaks HTTP(S), and ${location} is reached otherwise.`,
    {
      seen: location,
      fix: "Give the repository's https:// URL, or leave commit-via out: Git reaches it.",
    },
  );
}

/** Files, and folders that are taken with what lies in them. */
export interface FilesAhead {
  files: readonly RepoPath[];
  folders: readonly RepoPath[];
}

/** More apps than this are not asked for on the chance that all of them are read. */
const mostApps = 10;

/** What a run that is about these apps will probably read; where an app's files lie, the docs' own layout says. */
export function filesAhead(config: string | undefined, apps: readonly AppName[]): FilesAhead {
  const about = apps.length <= mostApps ? apps : [];
  const folders = about.flatMap((app) => [`.glu/${app}`, `apps/${app}`] as RepoPath[]);
  return {
    files: config === undefined ? [defaultConfigFile, programConfigFile] : [repoPath(config)],
    folders: about.length === 0 ? [] : [...folders, ".glu/_freeze" as RepoPath],
  };
}
