import type { BareFixture } from "./bare-fixture.ts";
import { GitObjects } from "./git-objects.ts";

/** `merge`: a commit with both as parents. `squash`: one commit. `rebase`: each commit again. `fast-forward`: the very ones. */
export type MergeMethod = "merge" | "squash" | "rebase" | "fast-forward";

interface Merge {
  /** Names of branches. */
  source: string;
  target: string;
  method: MergeMethod;
  /** Of the commit that it makes, where it makes one of its own. */
  message: string;
}

/** Merges a branch into another as a forge does; undefined when they conflict, and then nothing has changed. */
export function mergeBranches(repository: BareFixture, merge: Merge): string | undefined {
  const into = `refs/heads/${merge.target}`;
  const [onto, head] = [repository.git("rev-parse", into), repository.git("rev-parse", `refs/heads/${merge.source}`)];
  const commit = commitOf(repository, { ...merge, onto, head });
  if (commit !== undefined) repository.git("update-ref", into, commit, onto);
  return commit;
}

/** Whether what one commit brings and another has can be put together. */
export function merges(repository: BareFixture, onto: string, head: string): boolean {
  return mergedTree(repository, onto, head) !== undefined;
}

interface Onto extends Pick<Merge, "method" | "message"> {
  onto: string;
  head: string;
}

function commitOf(repository: BareFixture, { onto, head, method, message }: Onto): string | undefined {
  if (method === "fast-forward") return repository.git("merge-base", onto, head) === onto ? head : undefined;
  if (method === "rebase") return rebased(repository, onto, head);
  const tree = mergedTree(repository, onto, head);
  if (tree === undefined) return undefined;
  const parents = method === "squash" ? ["-p", onto] : ["-p", onto, "-p", head];
  return repository.git("commit-tree", tree, ...parents, "-m", message);
}

/** Each commit with its author and message, put on top anew. */
function rebased(repository: BareFixture, onto: string, head: string): string | undefined {
  const objects = new GitObjects(repository.path);
  const commits = repository.git("rev-list", "--reverse", "--no-merges", `${onto}..${head}`).split("\n");
  let tip = onto;
  for (const id of commits.filter(Boolean)) {
    // As three commits of their own: the parent is what both have in common then.
    const alone = (of: string, ...parents: string[]) =>
      repository.git("commit-tree", `${of}^{tree}`, ...parents.flatMap((one) => ["-p", one]), "-m", "alone");
    const parent = alone(`${id}^`);
    const tree = mergedTree(repository, alone(tip, parent), alone(id, parent));
    if (tree === undefined) return undefined;
    const [name = "", email = ""] = repository.git("log", "-1", "--format=%an%n%ae", id).split("\n");
    tip = objects.commit(tree, [tip], repository.git("log", "-1", "--format=%B", id), { name, email });
  }
  return tip;
}

/** Git says by 1 that two conflict. */
function mergedTree(repository: BareFixture, onto: string, head: string): string | undefined {
  const { status, text } = repository.ask("merge-tree", "--write-tree", onto, head);
  if (status === 0) return text.split("\n")[0];
  if (status === 1) return undefined;
  throw new Error(`git merge-tree ${onto} ${head}: ${text}`);
}
