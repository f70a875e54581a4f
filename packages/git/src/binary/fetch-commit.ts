import { OutsideError, type RefName, type Sha } from "@glu/core";
import type { Tip } from "../remote/remote.ts";
import { tipOf } from "./fetch-tip.ts";
import { type GitCommands, quietly } from "./git-commands.ts";
import { parseBatch } from "./parse-batch.ts";

/**
 * Fetches an older commit of a ref with all its trees. A server that knows no filters sends the files too.
 * @throws GluError `repository/…`
 */
export async function fetchCommit(git: GitCommands, commit: Sha, ref: RefName): Promise<Tip> {
  // It is here already, as a part of the history, without trees: what is here must not count as had.
  const settings = [["fetch.negotiationAlgorithm", "noop"]] as const;
  const fetch = (filter: string) =>
    git.online("fetch", ["fetch", ...quietly, "--depth=1", filter, "origin", commit], { settings });
  let fetched = await fetch("--filter=blob:none");
  if (fetched.code !== 0) fetched = await fetch("--no-filter");
  if (fetched.code !== 0) throw await git.failure(fetched, ref, "reading");
  const read = parseBatch(await git.output("fetch", ["cat-file", "--batch"], { input: `${commit}\n` }));
  const content = read.get(commit);
  if (content !== undefined) return tipOf(commit, content);
  throw new OutsideError("repository/incomplete", `${git.location.url} did not send the commit ${commit}.`, {
    seen: commit,
    fix: "Run again; if it stays so, run 'git fsck' on the server.",
    transient: true,
  });
}
