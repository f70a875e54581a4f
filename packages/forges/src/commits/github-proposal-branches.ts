import {
  type Change,
  type Committed,
  type ConfigRepository,
  checkChanges,
  type Identity,
  isSealed,
  type Lost,
  OutsideError,
  type ProposalBranches,
  type ProposedChange,
  pathsToCheck,
  type RefName,
  type Sha,
  sealed,
} from "@glu/core";
import { mappingOf } from "../json.ts";
import { kindOf, modes } from "./git-objects.ts";
import { type GithubReading, identityOf, NotByApi } from "./github-reading.ts";
import { refusedByGraphql, refusedByStatus } from "./github-refusal.ts";
import { GithubSnapshot } from "./github-snapshot.ts";
import { idOf } from "./read-objects.ts";

/** In the place of a ref's old or new value: there is none. */
const none = "0".repeat(40) as Sha;

const updateRefs = `mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;

/**
 * Branches of proposals by GitHub's API: the commit is made first, where nobody sees it, and then the branch is pointed
 * to it in one step, as long as it points to what is said. So whenever it ends, the branch is the old or the new one.
 * `createCommitOnBranch` needs a branch that is there, which would be one without a proposal when the run ends in
 * between. GitHub signs the commits of Apps and of the job's own token, as long as it may say who their author is: whom it
 * says is learnt from a commit that no branch points to.
 */
export function githubProposalBranches(
  reading: GithubReading,
  byGit: (why: string | undefined) => Promise<ConfigRepository>,
): ProposalBranches {
  let author: Identity | undefined;
  /** By the API, which Git has not heard of. */
  const written = new Set<RefName>();
  const authorOf = async (made: NewCommit, branch: RefName): Promise<Identity> => {
    author ??= identityOf(mappingOf((await make(reading, "/git/commits", made, branch)).author));
    return author;
  };
  return {
    async read(branch) {
      const tip = await reading.tip(branch);
      if (tip === undefined) return undefined;
      return { commit: tip.commit, message: tip.message, byGlu: isSealed(tip.message, tip.tree, tip.author) };
    },

    async write(branch, change) {
      const commit = await makeCommit(reading, change, branch, authorOf);
      if (typeof commit !== "object") {
        written.add(branch);
        return await point(reading, branch, change.replaces ?? none, commit);
      }
      const git = await byGit(commit.why);
      const { onto } = change;
      if (!(onto instanceof GithubSnapshot)) return git.proposals.write(branch, change);
      const now = await git.open();
      const same = now.commit === onto.commit ? now : await now.at(onto.commit);
      return git.proposals.write(branch, { ...change, onto: same });
    },

    list: async (folder) => (await byGit(undefined)).proposals.list(folder),

    // What lies between two commits is many requests by the API, and few by Git.
    async brings(ref, onto) {
      const git = await byGit(undefined);
      const now = await git.open();
      if (written.delete(ref)) await git.proposals.read(ref);
      return git.proposals.brings(ref, now.commit === onto.commit ? now : await now.at(onto.commit));
    },

    async remove(branch, at) {
      written.add(branch);
      await point(reading, branch, at, none);
    },
  };
}

/** What GitHub is asked to make a commit of. */
interface NewCommit {
  message: string;
  tree: Sha;
  parents: readonly Sha[];
}

/** Makes the commit without a branch. @returns why it goes by Git where the API cannot make it */
async function makeCommit(
  reading: GithubReading,
  { onto, commit }: ProposedChange,
  branch: RefName,
  authorOf: (made: NewCommit, branch: RefName) => Promise<Identity>,
): Promise<Sha | { why: string | undefined }> {
  if (!(onto instanceof GithubSnapshot)) return { why: undefined };
  if (commit.author !== undefined) return { why: "the commit has an author of its own, which GitHub does not sign" };
  const { changes } = commit;
  try {
    const entries = await onto.entries(pathsToCheck(changes));
    checkChanges(changes, (path) => {
      const entry = entries.get(path);
      return entry && kindOf(entry.mode);
    });
    const tree = reading.memory.treeAfter(onto.tree, changes);
    const entriesOf = async (change: Change) => {
      const { path, content, executable } = change;
      const known = entries.get(path)?.mode;
      if (content === undefined) return known === undefined ? [] : [{ path, mode: "100644", type: "blob", sha: null }];
      const mode = (executable ?? known === modes.executable) ? "100755" : "100644";
      const blob = await make(reading, "/git/blobs", { content: base64(content), encoding: "base64" }, branch);
      return [{ path, mode, type: "blob", sha: blob.id }];
    };
    const told = (await Promise.all(changes.map(entriesOf))).flat();
    const newTree = { base_tree: onto.tree, tree: told };
    const made = told.length === 0 ? onto.tree : (await make(reading, "/git/trees", newTree, branch)).id;
    if (made !== tree) return { why: "GitHub's API makes other folders of these files" };
    const unsealed = { message: commit.message, tree, parents: [onto.commit] };
    const message = sealed(commit.message, tree, await authorOf(unsealed, branch));
    return (await make(reading, "/git/commits", { ...unsealed, message }, branch)).id;
  } catch (error) {
    if (error instanceof NotByApi) return { why: error.message };
    throw error;
  }
}

const base64 = (content: Uint8Array): string => Buffer.from(content).toString("base64");

interface Made {
  id: Sha;
  author: unknown;
}

async function make(reading: GithubReading, path: string, body: unknown, branch: RefName): Promise<Made> {
  const response = await reading.send("POST", path, body);
  const { sha, author } = mappingOf(response.json);
  const id = response.status === 201 ? idOf(sha) : undefined;
  if (id !== undefined) return { id, author };
  throw refusedByStatus(response, { location: reading.location, branch, token: reading.asking.token });
}

/** Points a branch from what it was to what it shall be. It is read again where the answer is lost, or a no. */
async function point(reading: GithubReading, branch: RefName, before: Sha, after: Sha): Promise<Committed | Lost> {
  const { asking, location } = reading;
  const repositoryId = await reading.repositoryId();
  const refUpdates = [{ name: branch, beforeOid: before, afterOid: after, force: true }];
  let failure: Error;
  try {
    const once = { ...asking, limits: { attempts: 1, base: 0, longest: 0 } };
    const answer = await reading.ask(updateRefs, { input: { repositoryId, refUpdates } }, once);
    if (answer.response.status === 200 && answer.errors.length === 0 && "updateRefs" in answer.data) {
      return { kind: "committed", commit: after };
    }
    failure = refusedByGraphql(answer, { location, branch, token: asking.token });
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    failure = error;
  }
  let found: Sha;
  try {
    found = (await reading.tip(branch))?.commit ?? none;
  } catch (cause) {
    throw new OutsideError("repository/unclear", `${failure.message} Whether it was written could not be read.`, {
      fix: "Run again: what was written is found, and is not written twice.",
      transient: true,
      cause,
    });
  }
  if (found === after) return { kind: "committed", commit: after };
  if (found === before) throw failure;
  return { kind: "lost" };
}
