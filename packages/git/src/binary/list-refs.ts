import { type RefName, refName, type Sha } from "@glu/core";
import type { Listed } from "../remote/remote.ts";
import type { GitCommands } from "./git-commands.ts";

/** {@link Remote.list} by the git binary. */
export async function listRefs(git: GitCommands, refs: readonly string[]): Promise<Listed> {
  const patterns = refs.map((ref) => (ref.endsWith("/") ? `${ref}*` : ref));
  const arguments_ = ["ls-remote", "--quiet", "--symref", "--", git.location.url, "HEAD", ...patterns];
  const listed = await git.online("work", arguments_);
  if (listed.code !== 0) throw await git.failure(listed, "HEAD" as RefName, "reading");
  const found = new Map<RefName, Sha>();
  let branch: RefName | undefined;
  let head: Sha | undefined;
  for (const line of listed.stdout.toString("utf8").split("\n")) {
    const [what = "", name = ""] = line.split("\t");
    if (name === "HEAD" && what.startsWith("ref: refs/heads/")) branch = refName(what.slice("ref: ".length));
    else if (name === "HEAD") head = what as Sha;
    // Patterns match the end of a name.
    else if (refs.some((ref) => (ref.endsWith("/") ? name.startsWith(ref) : name === ref))) {
      found.set(name as RefName, what as Sha);
    }
  }
  return { head: branch === undefined || head === undefined ? undefined : { ref: branch, id: head }, refs: found };
}
