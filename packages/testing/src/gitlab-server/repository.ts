import type { BareFixture } from "../git/bare-fixture.ts";
import { GitObjects } from "../git/git-objects.ts";
import { answer, emailOf, type GitlabAnswer, type GitlabCall, refusal } from "./answers.ts";

interface Action {
  action: string;
  file_path: string;
  content?: string;
  encoding?: string;
}

/**
 * Files and commits of the project's real repository: https://docs.gitlab.com/api/repositories/ and /commits/. Undefined
 * for what is about something else.
 */
export function answerAboutRepository(call: GitlabCall, git: BareFixture): GitlabAnswer | undefined {
  if (call.route === "GET /projects/:id/repository/tree") return tree(call, git);
  if (call.route === "POST /projects/:id/repository/commits") return commit(call, git);
  return undefined;
}

function tree({ query }: GitlabCall, git: BareFixture): GitlabAnswer {
  const path = query.get("path") ?? "";
  const found = new GitObjects(git.path).find(`${query.get("ref")}:${path}`);
  if (found?.type !== "tree") return refusal(404, "404 Tree Not Found");
  const perPage = Number(query.get("per_page") ?? 20);
  const page = Number(query.get("page") ?? 1);
  const entries = found.entries.map(({ id, name, mode }) => ({
    id,
    name,
    type: mode >> 12 === 0o04 ? "tree" : mode >> 12 === 0o16 ? "commit" : "blob",
    path: path === "" ? name : `${path}/${name}`,
    mode: mode.toString(8).padStart(6, "0"),
  }));
  return answer(200, entries.slice((page - 1) * perPage, page * perPage));
}

function commit({ body, by }: GitlabCall, git: BareFixture): GitlabAnswer {
  const { branch, start_sha: start, commit_message: message, actions, force } = body as Record<string, string>;
  const objects = new GitObjects(git.path);
  const ref = `refs/heads/${branch}`;
  if (typeof start !== "string") return answer(501, { message: "a commit without start_sha is not modelled" });
  if (force !== undefined) return answer(501, { message: "force is not modelled" });
  if (git.git("for-each-ref", ref) !== "") {
    return refusal(400, `A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  }
  if (objects.find(start)?.type !== "commit") return refusal(400, `Cannot find start_sha '${start}'`);
  const changed = actions as unknown as Action[];
  for (const { action, file_path: path } of changed) {
    const isThere = objects.find(`${start}:${path}`) !== undefined;
    if (action === "create" && isThere) return refusal(400, "A file with this name already exists");
    if (action !== "create" && !isThere) return refusal(400, "A file with this name doesn't exist");
  }
  const files = changed.map(({ action, file_path: path, content = "", encoding }) => {
    const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
    // A file that is there keeps its mode.
    const mode = git.git("ls-tree", start, "--", path).slice(0, 6) || "100644";
    return { path, mode, id: action === "delete" ? undefined : objects.blob(bytes) };
  });
  const author = {
    name: String(body.author_name ?? by.username),
    email: String(body.author_email ?? emailOf(by)),
  };
  const made = objects.commit(objects.treeWith(start, files), [start], message ?? "", author);
  git.git("update-ref", ref, made, "0".repeat(40));
  return answer(201, { id: made, short_id: made.slice(0, 8), message, parent_ids: [start] });
}
