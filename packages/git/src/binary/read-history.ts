import type { RefName, Sha } from "@glu/core";
import { commitTime } from "../commits/commit-time.ts";
import type { LoggedCommit } from "../remote/remote.ts";
import { type GitCommands, quietly } from "./git-commands.ts";

/** At most `limit` commits from `commit` backwards along first parents, fetched without trees. */
export async function readHistory(git: GitCommands, commit: Sha, limit: number, ref: RefName): Promise<LoggedCommit[]> {
  if (limit < 1) return [];
  const fetch = (filter: string) =>
    git.online("history", ["fetch", ...quietly, `--depth=${limit}`, filter, "origin", commit]);
  let fetched = await fetch("--filter=tree:0");
  if (fetched.code !== 0) fetched = await fetch("--no-filter");
  if (fetched.code !== 0) throw await git.failure(fetched, ref, "reading");
  const shown = ["--no-show-signature", "--encoding=UTF-8", "--format=tformat:%H%n%T%n%P%n%ct%n%an%n%ae%n%B"];
  const log = ["log", "-z", `--max-count=${limit}`, "--first-parent", ...shown, commit, "--"];
  return parseLog((await git.output("history", log)).toString("utf8"));
}

/** Parses NUL-ended entries of id, tree, parents, committer time, name and address of the author, and message, each but the last one line. */
function parseLog(output: string): LoggedCommit[] {
  return output
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [id = "", tree = "", parents = "", seconds = "", name = "", email = "", ...message] = entry.split("\n");
      const committedAt = commitTime(Number(seconds));
      const merged = parents.split(" ").slice(1) as Sha[];
      const author = { name, email };
      const [commit, text] = [id as Sha, message.join("\n")];
      return { commit, tree: tree as Sha, committedAt, authorName: name, author, message: text, merged };
    });
}
