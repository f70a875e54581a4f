import { type Commit, OutsideError, type RefName, type Sha, shortRef } from "@glu/core";
import type { GraphqlAnswer } from "../ask-graphql.ts";
import { mappingOf } from "../json.ts";
import { splitMessage } from "./carries.ts";
import { type GithubReading, withLineEnd } from "./github-reading.ts";
import { isStale, refusedByGraphql } from "./github-refusal.ts";
import { idOf } from "./read-objects.ts";

export interface CommitToCreate {
  branch: RefName;
  onto: { commit: Sha; tree: Sha };
  commit: Commit;
  /** What the root tree must be afterwards. */
  tree: Sha;
}

/** How far back our commit is looked for when the answer was lost. */
const lookBack = 100;

const mutation = `mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid tree { oid } } }
}`;

/**
 * Puts a commit on a branch as a compare-and-swap, sent once. Where the answer is lost, or a no, the branch is read
 * again: what became of it is known from there.
 * @returns undefined when the branch has moved, and nothing was written
 * @throws GluError `repository/…`
 */
export async function createCommit(reading: GithubReading, meant: CommitToCreate): Promise<Sha | undefined> {
  const { branch, onto } = meant;
  const { asking, location } = reading;
  const input = {
    branch: { repositoryNameWithOwner: asking.repository, branchName: shortRef(branch) },
    expectedHeadOid: onto.commit,
    message: splitMessage(meant.commit.message),
    fileChanges: fileChanges(reading, meant),
  };
  let failure: Error;
  try {
    // Not sent again by itself: whether the first arrived is asked in between.
    const once = { ...asking, limits: { attempts: 1, base: 0, longest: 0 } };
    const answer: GraphqlAnswer = await reading.ask(mutation, { input }, once);
    const made = mappingOf(mappingOf(answer.data.createCommitOnBranch).commit);
    const id = idOf(made.oid);
    if (id !== undefined) return checked(id, mappingOf(made.tree).oid, meant, location);
    if (isStale(answer)) return undefined;
    failure = refusedByGraphql(answer, { location, branch, token: asking.token });
  } catch (error) {
    if (!(error instanceof OutsideError) || error.code === "repository/other-tree") throw error;
    failure = error;
  }
  const found = await lookFor(reading, meant, failure);
  if (found === "nothing") throw failure;
  return found === "moved" ? undefined : found;
}

/** What GitHub does not find it refuses to delete. */
function fileChanges({ memory }: GithubReading, { commit: { changes }, onto }: CommitToCreate) {
  return {
    additions: changes.flatMap(({ path, content }) =>
      content === undefined ? [] : [{ path, contents: Buffer.from(content).toString("base64") }],
    ),
    deletions: changes.flatMap(({ path, content }) =>
      content === undefined && memory.find(onto.tree, path) !== undefined ? [{ path }] : [],
    ),
  };
}

function checked(id: Sha, tree: unknown, meant: CommitToCreate, location: string): Sha {
  if (tree === meant.tree) return id;
  throw new OutsideError("repository/other-tree", `GitHub made the commit ${id} with other files than it was given.`, {
    seen: { location, commit: id, tree, expected: meant.tree },
    fix: "Look at that commit. Leave out 'commit-via', or set it to 'wire', and report this.",
  });
}

/** What became of a commit whose answer was none: its id, `moved` when others were first, `nothing`. */
async function lookFor(
  reading: GithubReading,
  meant: CommitToCreate,
  failure: Error,
): Promise<Sha | "moved" | "nothing"> {
  const { branch, onto, commit } = meant;
  try {
    const tip = await reading.tip(branch);
    if (tip?.commit === onto.commit) return "nothing";
    if (tip === undefined) return "moved";
    const since = await reading.log(tip.commit, lookBack);
    // The one on what it was decided on, with what was to be said; its id was not known before.
    const next = since[since.findIndex((entry) => entry.commit === onto.commit) - 1];
    if (next === undefined || trimmed(next.message) !== trimmed(commit.message)) return "moved";
    return (await reading.commit(next.commit)).tree === meant.tree ? next.commit : "moved";
  } catch (cause) {
    throw new OutsideError("repository/unclear", `${failure.message} Whether it was written could not be read.`, {
      fix: "Run again: what was written is found, and is not written twice.",
      transient: true,
      cause,
    });
  }
}

const trimmed = (message: string): string => withLineEnd(message.trimEnd());
