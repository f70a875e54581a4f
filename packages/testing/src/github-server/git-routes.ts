import { type GithubAnswer, noPermission, notFound, ok, refused } from "./answers.ts";
import { authorOf } from "./graphql/commits.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";

type Handler = (call: GithubCall) => GithubAnswer;

const git = "/repos/{owner}/{repo}/git";

/** Git's own objects by REST. */
export const gitRoutes: Readonly<Record<string, Handler>> = {
  [`GET ${git}/blobs/{file_sha}`]: readBlob,
  [`POST ${git}/blobs`]: writing(createBlob),
  [`POST ${git}/trees`]: writing(createTree),
  [`POST ${git}/commits`]: writing(createCommit),
};

function writing(handler: Handler): Handler {
  return (call) => (call.identity.access === "write" ? handler(call) : noPermission);
}

const urlOf = ({ repository }: GithubCall, kind: string, id: string): string =>
  `https://api.github.com/repos/${repository.fullName}/git/${kind}/${id}`;

function readBlob(call: GithubCall): GithubAnswer {
  const found = call.repository.objects.find(call.params.file_sha ?? "");
  if (found?.type !== "blob") return notFound;
  const { id: sha, content } = found;
  // Lines of sixty, as GitHub has them.
  const lines = content.toString("base64").replace(/.{60}/g, "$&\n");
  const url = urlOf(call, "blobs", sha);
  return ok({ sha, node_id: `B_${sha}`, size: content.length, url, content: lines, encoding: "base64" });
}

function createBlob(call: GithubCall): GithubAnswer {
  const { content, encoding = "utf-8" } = call.body as { content: string; encoding?: string };
  const sha = call.repository.objects.blob(Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
  return ok({ sha, url: urlOf(call, "blobs", sha) }, 201);
}

interface TreeInput {
  base_tree?: string;
  tree: { path: string; mode: string; type: string; sha?: string | null; content?: string }[];
}

function createTree(call: GithubCall): GithubAnswer {
  const { objects } = call.repository;
  const { base_tree: base, tree } = call.body as unknown as TreeInput;
  if (base !== undefined && objects.find(base)?.type !== "tree")
    return refused(422, "base_tree is not a valid tree oid");
  const gone = tree.some(({ path, sha }) => sha === null && objects.find(`${base}:${path}`) === undefined);
  if (gone) return refused(422, "GitRPC::BadObjectState");
  if (tree.some(({ sha }) => typeof sha === "string" && objects.find(sha) === undefined)) {
    return refused(422, "tree.sha is not a valid blob");
  }
  const files = tree.map(({ path, mode, sha, content }) => {
    const id = sha === null ? undefined : (sha ?? objects.blob(Buffer.from(content ?? "")));
    return { path, mode, id };
  });
  const sha = objects.treeWith(base, files);
  const made = objects.find(sha);
  const entries = made?.type === "tree" ? made.entries : [];
  return ok(
    {
      sha,
      url: urlOf(call, "trees", sha),
      truncated: false,
      tree: entries.map(({ name, mode, id }) => {
        const type = mode >> 12 === 0o04 ? "tree" : "blob";
        return { path: name, mode: mode.toString(8).padStart(6, "0"), type, sha: id, url: urlOf(call, `${type}s`, id) };
      }),
    },
    201,
  );
}

function createCommit(call: GithubCall): GithubAnswer {
  const { objects, fullName } = call.repository;
  const { message, tree, parents = [] } = call.body as unknown as { message: string; tree: string; parents?: string[] };
  if (objects.find(tree)?.type !== "tree") return refused(422, "Tree SHA does not exist");
  if (parents.some((id) => objects.find(id)?.type !== "commit")) return refused(422, "Parent SHA does not exist");
  const sha = objects.commit(tree, parents, message, authorOf(call));
  const example = GithubOpenapi.get().example("git-commit") as Json;
  const made = objects.find(sha);
  if (made?.type !== "commit") throw new Error("The commit is not there.");
  const person = ({ name, email, at }: typeof made.author) => ({
    name,
    email,
    date: new Date(at * 1000).toISOString(),
  });
  return ok(
    {
      ...example,
      sha,
      url: urlOf(call, "commits", sha),
      html_url: `https://github.com/${fullName}/commit/${sha}`,
      author: person(made.author),
      committer: person(made.committer),
      message,
      tree: { sha: tree, url: urlOf(call, "trees", tree) },
      parents: parents.map((id) => {
        return { sha: id, url: urlOf(call, "commits", id), html_url: `https://github.com/${fullName}/commit/${id}` };
      }),
    },
    201,
  );
}
