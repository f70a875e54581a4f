import {
  type Commit,
  type Committed,
  checkChanges,
  type Identity,
  type Logger,
  type Lost,
  OutsideError,
  type ProposalBranches,
  type ProposedChange,
  pathsToCheck,
  type RefName,
  type RepoPath,
  type Sha,
  sealed,
  shortRef,
} from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders } from "../gitlab-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { listOf, mappingOf } from "../json.ts";
import { asRepository } from "./as-repository.ts";
import { kindOf, modes, type TreeEntry, treeId } from "./git-objects.ts";
import { refusedByStatus } from "./github-refusal.ts";
import { ObjectMemory } from "./object-memory.ts";
import { idOf } from "./read-objects.ts";

export interface GitlabBranchesOptions {
  asking: AskingWithToken;
  location: string;
  logger: Logger;
  /** The same branches by Git: it reads and removes them, and writes what the API cannot. */
  byGit: ProposalBranches;
}

/** A folder with more pages of entries goes by Git. */
const mostPages = 5;

/** What GitLab gives at most. */
const perPage = 100;

class NotByApi extends Error {}

/**
 * New branches of proposals by GitLab's commits API, one request that makes branch and commit
 * (https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions). With `start_sha` it refuses a
 * branch that is there. Of one that is to be written over it does not look where it points, so that goes by Git.
 */
export function gitlabProposalBranches(options: GitlabBranchesOptions): ProposalBranches {
  const { byGit, logger, location } = options;
  return {
    read: (branch) => byGit.read(branch),
    list: (folder) => byGit.list(folder),
    brings: (ref, onto) => byGit.brings(ref, onto),
    remove: (branch, at) => byGit.remove(branch, at),
    async write(branch, change) {
      try {
        return await create(branch, change, options);
      } catch (error) {
        if (!(error instanceof NotByApi)) throw error;
        logger.notice(
          `${shortRef(branch)} of ${location} is written by Git instead of GitLab's API: ${error.message}.`,
        );
        return byGit.write(branch, change);
      }
    },
  };
}

async function create(
  branch: RefName,
  { onto, commit, replaces }: ProposedChange,
  { asking, location, byGit }: GitlabBranchesOptions,
): Promise<Committed | Lost> {
  if (replaces !== undefined) throw new NotByApi("the API does not look where the branch points");
  const ask = asker(asking);
  const memory = new ObjectMemory();
  const root = await loadFolders(onto.commit, commit, memory, ask, (response) =>
    refused(response, location, branch, asking),
  );
  const entryAt = (path: RepoPath): TreeEntry | undefined => {
    const found = memory.find(root, path);
    return found === "unknown" ? undefined : found;
  };
  checkChanges(commit.changes, (path) => {
    const entry = entryAt(path);
    return entry && kindOf(entry.mode);
  });
  const actions = commit.changes.flatMap(({ path, content, executable }) => {
    const known = entryAt(path);
    const isExecutable = known?.mode === modes.executable;
    if (content === undefined) return known === undefined ? [] : [{ action: "delete", file_path: path }];
    if (isExecutable || executable) throw new NotByApi(`${JSON.stringify(path)} is executable`);
    const text = Buffer.from(content).toString("base64");
    return [{ action: known === undefined ? "create" : "update", file_path: path, content: text, encoding: "base64" }];
  });
  if (actions.length === 0) throw new NotByApi("the API makes no commit without changes");
  const by = commit.author ?? (await ownIdentity(asking));
  const message = sealed(commit.message, memory.treeAfter(root, commit.changes), by);
  const author = { author_name: by.name, author_email: by.email };
  const body = { branch: shortRef(branch), start_sha: onto.commit, commit_message: message, actions, ...author };
  let failure: Error;
  try {
    const response = await ask("POST", "/repository/commits", body);
    const id = response.status === 201 ? idOf(mappingOf(response.json).id) : undefined;
    if (id !== undefined) return { kind: "committed", commit: id };
    failure = refused(response, location, branch, asking);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    failure = error;
  }
  const now = await byGit.read(branch);
  if (now === undefined) throw failure;
  const isOurs = now.byGlu && now.message.trimEnd() === message.trimEnd();
  return isOurs ? { kind: "committed", commit: now.commit } : { kind: "lost" };
}

/** The author that GitLab gives to commits of a token: https://docs.gitlab.com/api/users/#get-the-current-user */
async function ownIdentity(asking: AskingWithToken): Promise<Identity> {
  const request = { method: "GET", path: "/user", headers: gitlabHeaders(asking.token) } as const;
  const { status, json } = await asRepository(() => send(request, asking));
  const { name, commit_email: email } = mappingOf(json);
  if (status === 200 && typeof name === "string" && typeof email === "string") return { name, email };
  throw new NotByApi("GitLab does not tell whose the token is");
}

type Ask = (method: "GET" | "POST", path: string, body?: unknown) => Promise<ForgeResponse>;

function asker(asking: AskingWithToken): Ask {
  const { token, repository } = asking;
  const headers = gitlabHeaders(token);
  const once = { ...asking, limits: { attempts: 1, base: 0, longest: 0 } };
  return (method, path, body) =>
    asRepository(() =>
      send(
        {
          method,
          path: `/projects/${encodeURIComponent(repository)}${path}`,
          headers,
          ...(body === undefined ? {} : { body }),
        },
        // What may have been done is not sent again: it is looked for.
        method === "POST" ? once : asking,
      ),
    );
}

/** All folders above what is changed, so that it is known what the new tree will be. @returns the root */
async function loadFolders(
  at: Sha,
  { changes }: Commit,
  memory: ObjectMemory,
  ask: Ask,
  refuse: (response: ForgeResponse) => Error,
): Promise<Sha> {
  const list = async (path: string): Promise<TreeEntry[]> => {
    const entries: TreeEntry[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const query = new URLSearchParams({ ref: at, path, per_page: String(perPage), page: String(page) });
      const response = await ask("GET", `/repository/tree?${query}`);
      const told = response.status === 200 ? listOf(response.json) : undefined;
      if (told === undefined) throw refuse(response);
      for (const { id, name, mode } of told) {
        const entry = { id: idOf(id), name, mode: Number.parseInt(String(mode), 8) };
        if (entry.id !== undefined && typeof name === "string") entries.push(entry as TreeEntry);
      }
      if (told.length < perPage) return entries;
    }
    throw new NotByApi(`${JSON.stringify(path)} holds more than ${mostPages * perPage} entries`);
  };
  const top = await list("");
  const root = treeId(top);
  memory.keepTree(root, top);
  // The shortest first: what is above is known then.
  for (const path of pathsToCheck(changes).sort((a, b) => a.length - b.length)) {
    const entry = memory.find(root, path);
    if (entry === undefined || entry === "unknown" || kindOf(entry.mode) !== "folder") continue;
    if (memory.tree(entry.id) === undefined && !memory.keepTree(entry.id, await list(path))) {
      throw new NotByApi(`the API does not tell all of ${JSON.stringify(path)}`);
    }
  }
  return root;
}

function refused(response: ForgeResponse, location: string, branch: RefName, { token }: AskingWithToken): Error {
  const permission =
    "Give a project access token with the role Developer and the scopes 'api' and 'write_repository' as GLU_TOKEN: " +
    "GitLab lets no job token make commits.";
  return refusedByStatus(response, { location, branch, token, permission });
}
