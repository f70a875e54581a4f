import { rm } from "node:fs/promises";
import type { ListedRef, RefName } from "@glu/core";
import type { GitRemoteOptions } from "../remote/remote.ts";

/**
 * The tags of a remote repository, or one branch of it, by `ls-remote`: no object is fetched. An annotated tag is the
 * commit that it names (gitprotocol-v2(5), `peel`). Of a branch that is not there the list is empty.
 * @throws GluError `repository/…`
 */
export async function listRemoteRefs(
  options: GitRemoteOptions,
  what: { tags: true } | { branch: string },
): Promise<ListedRef[]> {
  const { GitCommands } = await import("../binary/git-commands.ts");
  const git = await GitCommands.prepare(options);
  const prefix = "tags" in what ? "refs/tags/" : "refs/heads/";
  const pattern = "tags" in what ? [] : [`${prefix}${what.branch}`];
  // Only the kind of ref is told to the server (ls-refs, `ref-prefix`); a pattern alone lets it send all it has.
  const kind = "tags" in what ? "--tags" : "--heads";
  try {
    const listed = await git.online("work", ["ls-remote", "--quiet", kind, "--", git.location.url, ...pattern]);
    if (listed.code !== 0) throw await git.failure(listed, (pattern[0] ?? "HEAD") as RefName, "reading");
    const commits = new Map<string, string>();
    for (const line of listed.stdout.toString("utf8").split("\n")) {
      const [, id, ref, peeled] = /^([0-9a-f]{40,64})\t(\S+?)(\^\{\})?$/.exec(line) ?? [];
      if (id === undefined || ref === undefined || !ref.startsWith(prefix)) continue;
      // A pattern also matches the ends of longer names.
      if ("branch" in what && ref !== pattern[0]) continue;
      // What an annotated tag names comes after the tag itself.
      if (peeled !== undefined || !commits.has(ref)) commits.set(ref, id);
    }
    return [...commits].map(([ref, commit]) => ({ name: ref.slice(prefix.length), commit }));
  } finally {
    await rm(git.at.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
