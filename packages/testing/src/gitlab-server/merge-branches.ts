import type { BareFixture } from "../git/bare-fixture.ts";

interface Merge {
  source: string;
  target: string;
  squash: boolean;
  message: string;
}

/** Merges a branch into another as a forge does; undefined when they conflict, and then nothing has changed. */
export function mergeBranches(repository: BareFixture, { source, target, squash, message }: Merge): string | undefined {
  const [from, into] = [`refs/heads/${source}`, `refs/heads/${target}`];
  let tree: string;
  try {
    tree = repository.git("merge-tree", "--write-tree", into, from);
  } catch {
    return undefined;
  }
  const parents = squash ? ["-p", into] : ["-p", into, "-p", from];
  const commit = repository.git("commit-tree", tree, ...parents, "-m", message);
  repository.git("update-ref", into, commit);
  return commit;
}
