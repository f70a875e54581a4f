import {
  type Brings,
  isSealed,
  type RefName,
  type RepoPath,
  type Sha,
  type Snapshot,
  shortRef,
  UserError,
} from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";
import type { Remote, Tip } from "../remote/remote.ts";
import { GitSnapshot } from "./git-snapshot.ts";

/** Commits of both sides that are looked at for where they part, in growing steps. */
const steps = [50, 500, 5000] as const;

/**
 * What a ref would bring into a branch: what differs between it and the commit at which it left the branch, or at which
 * the branch was last merged into it. Where trees are the same nothing below is looked at.
 */
export async function broughtInto(remote: Remote, ref: RefName, onto: Snapshot): Promise<Brings | undefined> {
  const tip = await remote.fetchTip(ref);
  if (tip === undefined) return undefined;
  const head = new GitSnapshot(remote, ref, tip);
  const base = await remote.fetchCommit(await leftAt(head, onto), onto.branch);
  const [newest] = await head.log(steps[0]);
  return {
    head,
    byGlu: newest !== undefined && isSealed(newest.message, tip.tree, newest.author),
    base: new GitSnapshot(remote, onto.branch, base),
    paths: await differing(remote, { tip, ref }, { tip: base, ref: onto.branch }),
  };
}

/** The newest commit of the branch among those that the ref stands on. */
async function leftAt(head: Snapshot, onto: Snapshot): Promise<Sha> {
  for (const limit of steps) {
    const [theirs, ours] = [await head.log(limit), await onto.log(limit)];
    const reached = new Set(theirs.flatMap((one) => [one.commit, ...one.merged]));
    const newest = ours.find((one) => reached.has(one.commit));
    if (newest !== undefined) return newest.commit;
    if (theirs.length < limit && ours.length < limit) break;
  }
  throw new UserError(
    "repository/unrelated",
    `${shortRef(head.branch)} has no commit of ${shortRef(onto.branch)} in its history, as far as it was looked at.`,
    { seen: head.commit, fix: `Bring it up to date with ${shortRef(onto.branch)}.` },
  );
}

interface Side {
  tip: Tip;
  ref: RefName;
}

/** The files that are not the same in two commits. */
async function differing(remote: Remote, a: Side, b: Side): Promise<ReadonlySet<RepoPath>> {
  const paths = new Set<RepoPath>();
  let folders: { at: string; left: Sha | undefined; right: Sha | undefined }[] = [
    { at: "", left: a.tip.tree, right: b.tip.tree },
  ];
  while (folders.length > 0) {
    const present = (ids: readonly (Sha | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
    const lefts = await remote.trees(present(folders.map(({ left }) => left)), a.ref);
    const rights = await remote.trees(present(folders.map(({ right }) => right)), b.ref);
    folders = folders
      .filter(({ left, right }) => left !== right)
      .flatMap(({ at, left, right }) => {
        const [here, there] = [entriesOf(lefts, left), entriesOf(rights, right)];
        return [...new Set([...here.keys(), ...there.keys()])].flatMap((name) => {
          const [one, other] = [here.get(name), there.get(name)];
          if (isSame(one, other)) return [];
          const path = `${at}${name}`;
          if ([one, other].some((entry) => entry !== undefined && entry.kind !== "folder")) paths.add(path as RepoPath);
          const [below, above] = [folderOf(one), folderOf(other)];
          return below === undefined && above === undefined ? [] : [{ at: `${path}/`, left: below, right: above }];
        });
      });
  }
  return paths;
}

const entriesOf = (trees: ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>, id: Sha | undefined) =>
  (id === undefined ? undefined : trees.get(id)) ?? new Map<string, TreeEntry>();

const folderOf = (entry: TreeEntry | undefined): Sha | undefined => (entry?.kind === "folder" ? entry.id : undefined);

const isSame = (one: TreeEntry | undefined, other: TreeEntry | undefined): boolean =>
  one?.id === other?.id && one?.kind === other?.kind && one?.executable === other?.executable;
