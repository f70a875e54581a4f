import {
  type Brings,
  type Change,
  type FileAt,
  type Identity,
  isSealed,
  type LogEntry,
  type RefName,
  type RepoPath,
  type Sha,
  type Snapshot,
  timestamp,
} from "@glu/core";

export interface ProposedInMemory {
  commit: Sha;
  message: string;
  tree: Sha;
  /** What it was written on. */
  onto: Snapshot;
  changes: readonly Change[];
}

/** Who writes what is proposed in memory. */
export const glu: Identity = { name: "Glu Actions", email: "glu-actions@glu.invalid" };

/** What a branch in memory would bring: its changes, on top of what it was written on. */
export async function broughtBy(proposed: ProposedInMemory, branch: RefName): Promise<Brings> {
  const { onto, changes } = proposed;
  const before = await onto.read(changes.map(({ path }) => path));
  const differs = ({ path, content }: Change) => textOf(before.get(path)?.content) !== textOf(content);
  const paths = new Set(changes.filter(differs).map(({ path }) => path));
  const byGlu = isSealed(proposed.message, proposed.tree, glu);
  return { head: proposedSnapshot(proposed, branch), byGlu, base: onto, paths };
}

const textOf = (content: Uint8Array | undefined): string | undefined =>
  content && Buffer.from(content).toString("base64");

function proposedSnapshot({ commit, message, onto, changes }: ProposedInMemory, branch: RefName): Snapshot {
  const changed = new Map(changes.map((change) => [change.path, change]));
  const committedAt = timestamp(Date.parse(onto.committedAt));
  const own: LogEntry = { commit, message, committedAt, authorName: glu.name, merged: [] };
  const fileOf = ({ content, executable = false }: Change): FileAt | undefined =>
    content === undefined ? undefined : { kind: "file", executable, content };
  const snapshot: Snapshot = {
    commit,
    branch,
    committedAt,
    read: async (wanted) => {
      const files = new Map(await onto.read(wanted.filter((path) => !changed.has(path))));
      for (const path of wanted) {
        const change = changed.get(path as RepoPath);
        const file = change && fileOf(change);
        if (file !== undefined) files.set(path, file);
      }
      return files;
    },
    // Nobody asks what lies in a folder of a proposal.
    list: (folder) => onto.list(folder),
    log: async (limit) => [own, ...(await onto.log(limit))].slice(0, limit),
    at: async (wanted) => (wanted === commit ? snapshot : onto.at(wanted)),
  };
  return snapshot;
}
