import {
  type Identity,
  type LogEntry,
  OutsideError,
  type RefName,
  type RepoPath,
  type Sha,
  type Timestamp,
  UserError,
} from "@glu/core";
import { askGraphql, type GraphqlAnswer } from "../ask-graphql.ts";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, send } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { asRepository } from "./as-repository.ts";
import { refusedByGraphql, refusedByStatus } from "./github-refusal.ts";
import { ObjectMemory } from "./object-memory.ts";
import { askFor, idOf, keepObjects, keepTree, type Wanted } from "./read-objects.ts";

type Json = Readonly<Record<string, unknown>>;

/** A commit, and its root tree. */
export interface CommitAt {
  commit: Sha;
  tree: Sha;
  committedAt: Timestamp;
}

/** A ref and the commit that it points to. */
export interface RefTip extends CommitAt {
  ref: RefName;
  message: string;
  author: Identity;
}

/** GitHub tells something that cannot be all: another way is needed. */
export class NotByApi extends Error {}

/** As many objects in one query. */
const mostObjects = 100;
/** The most commits that GitHub tells at once. */
const mostCommits = 100;

const tipFields = `
fragment Tip on GitObject {
  __typename oid
  ... on Commit { committedDate message author { name email } tree { oid entries { name mode oid } } }
  ... on Tag { target { __typename oid ... on Commit { committedDate message author { name email } tree { oid entries { name mode oid } } } } }
}`;

/** Reads a repository by GitHub's GraphQL. Counts what it asks. */
export class GithubReading {
  readonly asking: AskingWithToken;
  readonly location: string;
  readonly memory = new ObjectMemory();
  #id: string | undefined;
  requests = 0;
  milliseconds = 0;

  constructor(asking: AskingWithToken, location: string) {
    this.asking = asking;
    this.location = location;
  }

  /** Sends one query or mutation. @throws OutsideError `repository/unreachable` where nothing was heard */
  async ask(query: string, variables: Json, asking = this.asking): Promise<GraphqlAnswer> {
    const [owner, name] = asking.repository.split("/");
    return this.#counted(() => askGraphql(asking, query, { owner, name, ...variables }));
  }

  /** The same by REST. */
  async send(method: "GET" | "POST", path: string, body?: unknown, asking = this.asking) {
    const { repository, token } = asking;
    const request = {
      method,
      path: `/repos/${encodePath(repository)}${path}`,
      headers: githubHeaders(token),
      body,
      effect: method === "GET" ? "reads" : "same",
    } as const;
    return this.#counted(() => send(request, asking));
  }

  async #counted<T>(task: () => Promise<T>): Promise<T> {
    const started = this.asking.clock.now();
    this.requests++;
    try {
      return await asRepository(task);
    } finally {
      this.milliseconds += this.asking.clock.now() - started;
    }
  }

  /**
   * The tip of a ref, of the default branch where none is named, and what lies at it, as far as it is known ahead.
   * Undefined: there is no such ref, or no commit at it.
   */
  async tip(ref: RefName | undefined, ahead: readonly Wanted[] = []): Promise<RefTip | undefined> {
    const some = ahead.slice(0, mostObjects);
    const { declare, fields, fragments, variables } = askFor(some);
    const [given, name] =
      ref === undefined ? ["", "defaultBranchRef"] : [", $ref: String!", "ref(qualifiedName: $ref)"];
    const query = `query($owner: String!, $name: String!${given}${declare}) {
      repository(owner: $owner, name: $name) { id tip: ${name} { prefix name target { ...Tip } } ${fields} }
    }${tipFields}${fragments}`;
    const answer = await this.ask(query, { ...(ref === undefined ? {} : { ref }), ...variables });
    const repository = this.#repositoryOf(answer, ref ?? "HEAD");
    this.#id = textOf(repository.id);
    keepObjects(repository, this.memory);
    const tip = mappingOf(repository.tip);
    const told = `${textOf(tip.prefix)}${textOf(tip.name)}` as RefName;
    const target = mappingOf(tip.target);
    const commit = target.__typename === "Tag" ? mappingOf(target.target) : target;
    const found = this.#commitOf(commit);
    if (found === undefined) return undefined;
    const author = identityOf(mappingOf(commit.author));
    return { ...found, ref: told, message: withLineEnd(textOf(commit.message) ?? ""), author };
  }

  /** What mutations call the repository. */
  async repositoryId(): Promise<string> {
    if (this.#id === undefined) await this.tip(undefined);
    if (this.#id !== undefined) return this.#id;
    throw new OutsideError("repository/unreachable", `GitHub does not tell the id of ${this.location}.`, {
      fix: "Look at GitHub's status page, then run again.",
    });
  }

  async commit(id: Sha): Promise<CommitAt> {
    const query = `query($owner: String!, $name: String!, $id: GitObjectID!) {
      repository(owner: $owner, name: $name) { object(oid: $id) { ...Tip } }
    }${tipFields}`;
    const found = this.#commitOf(mappingOf(this.#repositoryOf(await this.ask(query, { id }), id).object));
    if (found !== undefined) return found;
    throw new UserError("repository/not-found", `${this.location} has no commit ${id}.`, { seen: id });
  }

  /** Asks for objects, in as few queries as may be. What of them is whole is in the memory then. */
  async objects(wanted: readonly Wanted[]): Promise<void> {
    for (let from = 0; from < wanted.length; from += mostObjects) {
      const { declare, fields, fragments, variables } = askFor(wanted.slice(from, from + mostObjects));
      const query = `query($owner: String!, $name: String!${declare}) {
        repository(owner: $owner, name: $name) { ${fields} }
      }${fragments}`;
      keepObjects(this.#repositoryOf(await this.ask(query, variables), "its files"), this.memory);
    }
  }

  /** A file that GraphQL does not tell as it is: one that is large, or no text in UTF-8. */
  async blob(id: Sha, path: RepoPath): Promise<void> {
    const response = await this.send("GET", `/git/blobs/${id}`);
    const about = { location: this.location, branch: path, token: this.asking.token };
    if (response.status !== 200) throw refusedByStatus(response, about);
    const content = textOf(mappingOf(response.json).content);
    const bytes = content === undefined ? undefined : new Uint8Array(Buffer.from(content, "base64"));
    if (bytes !== undefined && this.memory.keepBlob(id, bytes)) return;
    throw new NotByApi(`GitHub's API does not tell the content of ${JSON.stringify(path)}`);
  }

  /** Commits from one backwards along first parents. GitHub tells all ancestors, so a merge may take a query more. */
  async log(from: Sha, limit: number): Promise<LogEntry[]> {
    const query = `query($owner: String!, $name: String!, $id: GitObjectID!, $first: Int!) {
      repository(owner: $owner, name: $name) { object(oid: $id) { __typename ... on Commit { history(first: $first) {
        nodes { oid committedDate message author { name } parents(first: 20) { nodes { oid } } }
      } } } }
    }`;
    const told = new Map<Sha, LogEntry & { parent: Sha | undefined }>();
    const entries: LogEntry[] = [];
    for (let next: Sha | undefined = from; next !== undefined && entries.length < limit; ) {
      if (!told.has(next)) {
        const first = Math.min(mostCommits, limit - entries.length);
        const answer = await this.ask(query, { id: next, first });
        const { history } = mappingOf(this.#repositoryOf(answer, next).object);
        for (const node of listOf(mappingOf(history).nodes) ?? []) {
          const entry = logEntryOf(node);
          if (entry !== undefined) told.set(entry.commit, entry);
        }
      }
      const entry = told.get(next);
      if (entry === undefined) throw new NotByApi(`GitHub's API does not tell the commit ${next}`);
      const { parent, ...rest } = entry;
      entries.push(rest);
      next = parent;
    }
    return entries;
  }

  #repositoryOf(answer: GraphqlAnswer, branch: string): Json {
    const { repository } = answer.data;
    if (answer.response.status === 200 && answer.errors.length === 0 && repository) return mappingOf(repository);
    throw refusedByGraphql(answer, { location: this.location, branch, token: this.asking.token });
  }

  #commitOf({ oid, committedDate, tree }: Json): CommitAt | undefined {
    const [commit, committedAt] = [idOf(oid), timeOf(committedDate)];
    const root = idOf(mappingOf(tree).oid);
    if (commit === undefined || committedAt === undefined || root === undefined) return undefined;
    if (!keepTree(mappingOf(tree), this.memory)) throw new NotByApi("GitHub's API does not tell all of its files");
    return { commit, tree: root, committedAt };
  }
}

function logEntryOf(node: Json): (LogEntry & { parent: Sha | undefined }) | undefined {
  const [commit, committedAt] = [idOf(node.oid), timeOf(node.committedDate)];
  if (commit === undefined || committedAt === undefined) return undefined;
  const [parent, ...merged] = (listOf(mappingOf(node.parents).nodes) ?? []).map(({ oid }) => idOf(oid) as Sha);
  const authorName = textOf(mappingOf(node.author).name) ?? "";
  return { commit, committedAt, authorName, message: withLineEnd(textOf(node.message) ?? ""), merged, parent };
}

/** Who an answer says wrote a commit. */
export const identityOf = ({ name, email }: Json): Identity => ({
  name: textOf(name) ?? "",
  email: textOf(email) ?? "",
});

/** GitHub stores messages without the line end that Git puts after each. */
export function withLineEnd(message: string): string {
  return message === "" || message.endsWith("\n") ? message : `${message}\n`;
}
