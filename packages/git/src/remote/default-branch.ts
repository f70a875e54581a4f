import { rm } from "node:fs/promises";
import { type RefName, refName, UserError } from "@glu/core";
import { GitCommands, type GitRemoteOptions } from "./git-commands.ts";

/**
 * The branch that the server's HEAD names.
 * @throws UserError `repository/no-branch` when it names none that exists
 * @throws GluError `repository/…`
 */
export async function readDefaultBranch(options: GitRemoteOptions): Promise<RefName> {
  const git = await GitCommands.prepare(options);
  try {
    const listed = await git.online("work", ["ls-remote", "--quiet", "--symref", "--", git.location.url, "HEAD"]);
    if (listed.code !== 0) throw git.failure(listed, "HEAD" as RefName, "reading");
    // `ref: refs/heads/main TAB HEAD`, then the id. Old servers give the id only.
    const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(listed.stdout.toString("utf8"))?.[1];
    if (branch !== undefined) return refName(branch);
    throw new UserError("repository/no-branch", `${git.location.url} does not say which branch is its default.`, {
      fix: "Name the branch with 'ref'. An empty repository needs a first commit.",
    });
  } finally {
    await rm(git.at.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
