import type { GithubRepository } from "../state.ts";
import { GithubRefusal, type Resolvers } from "./resolver.ts";

/** An object, and whose it is. */
export interface ObjectAt {
  __typename: "Commit" | "Tree" | "Blob" | "Tag";
  id: string;
  oid: string;
  repository: GithubRepository;
}

const typenames = { commit: "Commit", tree: "Tree", blob: "Blob", tag: "Tag" } as const;

/** An object by a revision expression; null where there is none. */
export function objectAt(repository: GithubRepository, expression: string): ObjectAt | null {
  const found = repository.objects.find(expression);
  if (found === undefined) return null;
  return { __typename: typenames[found.type], id: `O_${found.id}`, oid: found.id, repository };
}

const read = <T extends "commit" | "tree" | "blob" | "tag">({ repository, oid }: ObjectAt, type: T) => {
  const found = repository.objects.find(oid);
  if (found?.type !== type) throw new Error(`${oid} is no ${type}`);
  return found as Extract<typeof found, { type: T }>;
};

/** What a commit of a branch is told as. GitHub tells whole seconds. */
const time = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** GitHub tells no more of a text than this. */
const mostText = 512_000;

const isText = (content: Buffer): boolean => !content.includes(0);

/** Refs, commits, folders and files, of the real repository. */
export const objectResolvers: Resolvers = {
  "Repository.id": ({ fullName }: GithubRepository) => `R_${Buffer.from(fullName).toString("base64url")}`,
  "Repository.object": (repository, { oid, expression }) => {
    if (typeof oid === "string") return objectAt(repository, oid);
    return objectAt(repository, String(expression));
  },
  "Repository.ref": (repository, { qualifiedName }) => refAt(repository, String(qualifiedName)),
  "Repository.defaultBranchRef": (repository) => refAt(repository, repository.git.git("symbolic-ref", "HEAD")),
  "Ref.target": ({ repository, name, prefix }) => objectAt(repository, `${prefix}${name}`),
  "Commit.tree": (commit: ObjectAt) => objectAt(commit.repository, read(commit, "commit").tree),
  "Commit.message": (commit: ObjectAt) => read(commit, "commit").message.trimEnd(),
  "Commit.messageHeadline": (commit: ObjectAt) => read(commit, "commit").message.split("\n")[0],
  "Commit.messageBody": (commit: ObjectAt) => read(commit, "commit").message.split("\n").slice(1).join("\n").trim(),
  "Commit.committedDate": (commit: ObjectAt) => time(read(commit, "commit").committer.at),
  "Commit.authoredDate": (commit: ObjectAt) => time(read(commit, "commit").author.at),
  "Commit.author": (commit: ObjectAt) => ({ ...read(commit, "commit").author, user: null }),
  "Commit.authors": (commit: ObjectAt, { first }) => {
    const { name, email } = read(commit, "commit").author;
    return { nodes: [{ name, email, user: null }].slice(0, limited(first)) };
  },
  "Commit.parents": (commit: ObjectAt, { first }) => {
    const { parents } = read(commit, "commit");
    const nodes = parents.slice(0, limited(first)).map((id) => objectAt(commit.repository, id));
    return { nodes, totalCount: parents.length };
  },
  "Commit.history": ({ repository, oid }: ObjectAt, { first }) => {
    const ids = repository.git.git("rev-list", "--date-order", `--max-count=${limited(first)}`, oid).split("\n");
    return { nodes: ids.map((id) => objectAt(repository, id)) };
  },
  "Tag.target": (tag: ObjectAt) => objectAt(tag.repository, read(tag, "tag").target),
  "Tree.entries": (tree: ObjectAt) =>
    read(tree, "tree").entries.map(({ mode, name, id }) => {
      const type = mode >> 12 === 0o04 ? "tree" : mode >> 12 === 0o16 ? "commit" : "blob";
      return { mode, name, oid: id, type, repository: tree.repository };
    }),
  "TreeEntry.object": ({ repository, oid, type }) => (type === "commit" ? null : objectAt(repository, oid)),
  "Blob.text": (blob: ObjectAt) => {
    const { content } = read(blob, "blob");
    return isText(content) ? content.subarray(0, mostText).toString("utf8") : null;
  },
  "Blob.byteSize": (blob: ObjectAt) => read(blob, "blob").content.length,
  "Blob.isBinary": (blob: ObjectAt) => !isText(read(blob, "blob").content),
  "Blob.isTruncated": (blob: ObjectAt) => read(blob, "blob").content.length > mostText,
};

export function refAt(repository: GithubRepository, qualifiedName: string) {
  const found = repository.ref(qualifiedName);
  if (found === undefined) return null;
  const [, prefix = "", name = ""] = /^(refs\/[^/]+\/)(.+)$/.exec(qualifiedName) ?? [];
  return { id: `REF_${qualifiedName}`, name, prefix, repository };
}

/** How many of a list: GitHub wants to be told, and tells a hundred at most. */
export function limited(first: unknown): number {
  if (typeof first === "number" && first >= 1 && first <= 100) return first;
  throw new GithubRefusal(
    "EXCESSIVE_PAGINATION",
    `Requesting ${first} records exceeds the \`first\` limit of 100 records.`,
  );
}
