import type { RefAt } from "../remote/remote.ts";
import type { GitCommands } from "./git-commands.ts";

/** {@link Remote.point} by the git binary. */
export async function pointRefs(git: GitCommands, create: readonly RefAt[], remove: readonly RefAt[]): Promise<void> {
  const [first] = [...create, ...remove];
  if (first === undefined) return;
  const leases = [
    ...create.map(({ ref }) => `--force-with-lease=${ref}:`),
    ...remove.map(({ ref, id }) => `--force-with-lease=${ref}:${id}`),
  ];
  const specs = [...create.map(({ ref, id }) => `${id}:${ref}`), ...remove.map(({ ref }) => `:${ref}`)];
  const only = ["--no-verify", "--no-follow-tags", "--no-recurse-submodules"];
  const pushed = await git.online("fetch", [
    "push",
    "--porcelain",
    ...only,
    ...leases,
    "--",
    git.location.url,
    ...specs,
  ]);
  if (pushed.code !== 0) throw await git.failure(pushed, first.ref, "writing");
}
