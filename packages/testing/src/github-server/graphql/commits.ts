import type { Json } from "../openapi.ts";
import type { GithubRepository } from "../state.ts";
import { objectAt, refAt } from "./objects.ts";
import { GithubRefusal, type GraphqlContext, mustWrite, type Resolvers, repositoryFor } from "./resolver.ts";

const none = "0".repeat(40);

/** Commits and refs, written to the real repository. */
export const commitResolvers: Resolvers = {
  "Mutation.createCommitOnBranch": createCommitOnBranch,
  "Mutation.updateRefs": updateRefs,
};

interface CommitInput {
  branch: { repositoryNameWithOwner?: string; branchName?: string; id?: string };
  expectedHeadOid: string;
  message: { headline: string; body?: string };
  fileChanges?: { additions?: { path: string; contents: string }[]; deletions?: { path: string }[] };
}

function createCommitOnBranch(_: unknown, args: Json, context: GraphqlContext) {
  const { branch, expectedHeadOid, message, fileChanges = {} } = args.input as CommitInput;
  const repository = repositoryFor(context, branch.repositoryNameWithOwner ?? "");
  mustWrite(context);
  const name = (branch.branchName ?? "").replace(/^refs\/heads\//, "");
  const tip = repository.tip(name);
  if (tip === undefined) throw new GithubRefusal("NOT_FOUND", `No such branch: ${name}`);
  refuseProtected(repository, name);
  if (tip !== expectedHeadOid) throw stale(expectedHeadOid);
  const { additions = [], deletions = [] } = fileChanges;
  const paths = [...additions, ...deletions].map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new GithubRefusal("UNPROCESSABLE", `Path must be unique: ${twice}`);
  for (const { path } of deletions) {
    if (repository.objects.find(`${tip}:${path}`) !== undefined) continue;
    const words = `A path was requested for deletion which does not exist as of commit oid \`${tip}\``;
    throw new GithubRefusal("NOT_FOUND", words);
  }
  // Every file becomes a plain one, whatever it was.
  const written = additions.map(({ path, contents }) => {
    return { path, mode: "100644", id: repository.objects.blob(Buffer.from(contents, "base64")) };
  });
  const tree = repository.objects.treeWith(tip, [
    ...deletions.map(({ path }) => ({ path, mode: "0", id: undefined })),
    ...written,
  ]);
  const text = message.body ? `${message.headline}\n\n${message.body}` : message.headline;
  const commit = repository.objects.commit(tree, [tip], text.trimEnd(), authorOf(context));
  if (!repository.swap(`refs/heads/${name}`, tip, commit)) throw stale(expectedHeadOid);
  return { commit: objectAt(repository, commit), ref: refAt(repository, `refs/heads/${name}`), clientMutationId: null };
}

function stale(expected: string): GithubRefusal {
  return new GithubRefusal(
    "STALE_DATA",
    `Expected branch to point to "${expected}" but it did not. Pull and try again.`,
  );
}

interface RefUpdate {
  name: string;
  beforeOid?: string;
  afterOid: string;
  force?: boolean;
}

function updateRefs(_: unknown, args: Json, context: GraphqlContext) {
  const { repositoryId, refUpdates } = args.input as { repositoryId: string; refUpdates: RefUpdate[] };
  const repository = repositoryFor(context, Buffer.from(repositoryId.replace(/^R_/, ""), "base64url").toString());
  mustWrite(context);
  if (refUpdates.length !== 1) throw new Error("More refs than one at once are not modelled");
  for (const { name, beforeOid, afterOid, force } of refUpdates) {
    const now = repository.ref(name) ?? none;
    if (!force) throw new Error("What is not forced is not modelled");
    refuseProtected(repository, name.replace(/^refs\/heads\//, ""));
    if (afterOid !== none && repository.objects.find(afterOid)?.type !== "commit") {
      throw new GithubRefusal("UNPROCESSABLE", `Object ${afterOid} does not exist in ${repository.fullName}`);
    }
    if (beforeOid !== undefined && now !== beforeOid) throw refused(name, now, beforeOid);
    if (!repository.swap(name, now, afterOid)) throw refused(name, repository.ref(name) ?? none, now);
  }
  return { clientMutationId: null };
}

const refused = (name: string, now: string, expected: string): GithubRefusal =>
  new GithubRefusal("UNPROCESSABLE", `Reference update failed: ${name} is at ${now} but expected ${expected}`);

function refuseProtected({ rules }: GithubRepository, branch: string): void {
  const rule = rules.get(branch);
  if (rule !== undefined) throw new GithubRefusal("UNPROCESSABLE", `Repository rule violations found\n\n${rule}\n\n`);
}

export function authorOf({ identity: { login } }: Pick<GraphqlContext, "identity">): { name: string; email: string } {
  return { name: login, email: `${login}@users.noreply.github.com` };
}
