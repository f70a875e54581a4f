import { type RefName, refName } from "@glu/core";
import { refuseNoDefault } from "../remote/refuse-no-default.ts";
import type { GitCommands } from "./git-commands.ts";

/** {@link Remote.defaultBranch} by the git binary. */
export async function readDefaultBranch(git: GitCommands): Promise<RefName> {
  const listed = await git.online("work", ["ls-remote", "--quiet", "--symref", "--", git.location.url, "HEAD"]);
  if (listed.code !== 0) throw await git.failure(listed, "HEAD" as RefName, "reading");
  // `ref: refs/heads/main TAB HEAD`, then the id. Old servers give the id only.
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(listed.stdout.toString("utf8"))?.[1];
  return branch === undefined ? refuseNoDefault(git.location.url) : refName(branch);
}
