import { rm } from "node:fs/promises";
import type { RefName, Sha, SourceCommit } from "@glu/core";
import type { GitRemoteOptions } from "../remote/remote.ts";
import { logOne, parseSourceCommit } from "./commit-format.ts";

/**
 * One commit of a remote repository, without its trees and files: the head of a pull request is not in a checkout of
 * its merge. Servers give what one of their refs reaches, a fork's head too, through the base's `refs/pull/<n>/head`.
 * Undefined when the server does not have it, or not for the asking, and when it is no commit.
 * @throws GluError `repository/…`
 */
export async function readRemoteCommit(options: GitRemoteOptions, sha: string): Promise<SourceCommit | undefined> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) return undefined;
  const { GitCommands, quietly } = await import("../binary/git-commands.ts");
  const git = await GitCommands.prepare(options);
  try {
    await git.useFormatOf(sha as Sha);
    const fetch = (filter: string) => git.online("history", ["fetch", ...quietly, "--depth=1", filter, "origin", sha]);
    let fetched = await fetch("--filter=tree:0");
    if (fetched.code !== 0 && notThere.test(fetched.stderr)) return undefined;
    if (fetched.code !== 0) fetched = await fetch("--no-filter");
    if (fetched.code !== 0) throw await git.failure(fetched, sha as RefName, "reading");
    // A tag may point to a file or a folder.
    const kind = await git.run("history", ["cat-file", "-t", sha]);
    if (kind.stdout.toString("utf8").trim() !== "commit") return undefined;
    const shown = await git.output("history", [...logOne, "--encoding=UTF-8", sha, "--"]);
    return parseSourceCommit(shown.toString("utf8"));
  } finally {
    await rm(git.at.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What servers of the new and the old protocol answer when an id is none of theirs. */
const notThere = /not our ref|unadvertised object|couldn't find remote ref|mismatched algorithms/i;
