import { type Cost, foldersAbove, GluError, type RefName, type RepoPath, type Sha, sealed } from "@glu/core";
import { commitTime } from "../commits/commit-time.ts";
import { MalformedReply } from "../objects/malformed-reply.ts";
import type { TreeEntry } from "../objects/tree.ts";
import { basicAuthorization, currentCredentials } from "../process/authorization.ts";
import { isBusy } from "../remote/busy.ts";
import { listBelow } from "../remote/list-below.ts";
import { refuseNoDefault } from "../remote/refuse-no-default.ts";
import {
  expectedOf,
  type GitRemoteOptions,
  type Listed,
  type LoggedCommit,
  type NewCommit,
  type ReadEntry,
  type RefAt,
  type Remote,
  type Tip,
} from "../remote/remote.ts";
import { type PushTry, settlePush } from "../remote/settle-push.ts";
import { openAgent } from "./agent.ts";
import { inParts } from "./in-parts.ts";
import { editTree } from "./objects/edit-tree.ts";
import { logEntry, writeCommit } from "./objects/write-commit.ts";
import { objectId } from "./pack/object.ts";
import { writePack } from "./pack/write-pack.ts";
import { Connection } from "./protocol/connection.ts";
import { pushPack } from "./protocol/receive-pack.ts";
import { HttpRefusal } from "./protocol/refuse.ts";
import type { FetchRequest } from "./protocol/upload-pack.ts";
import { walk } from "./walk.ts";
import { WireFailures } from "./wire-failures.ts";
import { WireObjects } from "./wire-objects.ts";
import { WireRefs } from "./wire-refs.ts";
import { readWireSettings, type WireSettings } from "./wire-settings.ts";
import { WireUnfit } from "./wire-unfit.ts";

export interface WireRemoteOptions extends GitRemoteOptions {
  /** As `parseLocation` gives it. */
  url: string;
  memory: WireMemory;
}

/** What was learnt about servers, by origin: a fallback costs its round trip once. */
export interface WireMemory {
  /** Origins whose filters know no depth of trees beyond zero. */
  shallowFilters: Set<string>;
}

const nothing: ReadonlySet<RepoPath> = new Set();

/** Folders whose content is asked for in one request: a small one has some kilobytes. */
const foldersInAnswer = 20_000;

/**
 * One remote repository by Git's own protocol, spoken from here over one connection: protocol version 2 to read
 * (gitprotocol-v2(5)), receive-pack to write (gitprotocol-pack(5)). SHA-1 repositories over HTTP(S) only.
 * Each call may throw {@link WireUnfit}: nothing was written then, and the git binary can do it.
 */
export class WireRemote implements Remote {
  readonly location: string;
  readonly #options: WireRemoteOptions;
  readonly #connection: Connection;
  readonly #refs: WireRefs;
  readonly #objects: WireObjects;
  readonly #settings: WireSettings;
  readonly #failures: WireFailures;
  /** Commits whose trees have been fetched, by ref: what a later fetch need not send again. */
  readonly #tips = new Map<RefName, Sha>();

  private constructor(options: WireRemoteOptions, connection: Connection, settings: WireSettings) {
    this.#options = options;
    this.location = options.url;
    this.#connection = connection;
    this.#refs = new WireRefs(connection);
    this.#objects = new WireObjects(connection);
    this.#settings = settings;
    this.#failures = new WireFailures(options);
  }

  /** Prepares it; nothing is asked of the server yet. @throws WireUnfit */
  static async open(options: WireRemoteOptions): Promise<WireRemote> {
    const { url, env, credentials } = options;
    const settings = await readWireSettings(url, options);
    const agent = await openAgent(url, env);
    const authorized = credentials !== undefined && credentials.token !== "";
    const authorization = authorized
      ? async () => basicAuthorization(await currentCredentials(credentials))
      : undefined;
    // Servers tell by it that the client speaks Git's protocol.
    const userAgent = "git/2.39 (glu)";
    return new WireRemote(
      options,
      new Connection({ url, agent, authorization, userAgent, authorities: settings.authorities }),
      settings,
    );
  }

  asked(): Promise<void> {
    return this.#connection.asked;
  }

  expect(refs: readonly RefName[]): void {
    this.#refs.expect(refs);
  }

  async defaultBranch(): Promise<RefName> {
    const branch = await this.#failures.explained("HEAD" as RefName, "reading", () => this.#refs.defaultBranch());
    return branch ?? refuseNoDefault(this.location);
  }

  list(refs: readonly string[]): Promise<Listed> {
    return this.#failures.explained("HEAD" as RefName, "reading", () => this.#refs.list(refs));
  }

  point(create: readonly RefAt[], remove: readonly RefAt[]): Promise<void> {
    const [first, ...others] = [
      ...create.map(({ ref, id }) => ({ ref, old: undefined, new: id })),
      ...remove.map(({ ref, id }) => ({ ref, old: id, new: undefined })),
    ];
    if (first === undefined) return Promise.resolve();
    return this.#failures.explained(first.ref, "writing", async () => {
      this.#refs.forget([first, ...others].map(({ ref }) => ref));
      const report = await pushPack(this.#connection, { ...first, others, pack: writePack([]) });
      const status = `!\t${first.ref}\t[remote rejected] (${report.reason})`;
      if (!report.ok) throw await this.#failures.explain(report.stderr, first.ref, "writing", status);
    });
  }

  async fetchTip(ref: RefName): Promise<Tip | undefined> {
    // An annotated tag is an object of its own, which leads to a commit.
    if (ref.startsWith("refs/tags/")) throw new WireUnfit("Tags are left to Git.");
    return this.#failures.explained(ref, "reading", async () => {
      const commit = await this.#readRef(ref);
      if (commit === undefined) return undefined;
      if (!this.#objects.has(commit)) await this.#fetchTip(ref, commit);
      this.#tips.set(ref, commit);
      return this.#tipOf(commit);
    });
  }

  async fetchTips(refs: readonly RefName[]): Promise<ReadonlyMap<RefName, Tip | undefined>> {
    const [first] = refs;
    if (first === undefined) return new Map();
    return this.#failures.explained(first, "reading", async () => {
      const listed = await this.#refs.read(refs);
      const commits = [...new Set(listed.values())].filter((id) => id !== undefined);
      const missing = commits.filter((id) => !this.#objects.has(id));
      if (missing.length > 0) await this.#fetchCommits({ wants: missing }, 1);
      const tips = new Map<RefName, Tip | undefined>();
      for (const [ref, id] of listed) {
        if (id === undefined) tips.set(ref, undefined);
        else if (this.#objects.has(id, "commit")) tips.set(ref, this.#tipOf(id));
      }
      await this.#fetchBelow([...tips.values()].flatMap((tip) => tip?.tree ?? []));
      return tips;
    });
  }

  #tipOf(commit: Sha): Tip {
    const { tree, seconds } = this.#objects.commit(commit);
    return { commit, tree, committedAt: commitTime(seconds) };
  }

  /** Everything below trees, in as many answers as it takes; what is too much is left to be asked for when it is read. */
  async #fetchBelow(ids: readonly Sha[]): Promise<void> {
    const entries = await this.#trees([...new Set(ids)]);
    const left = [...entries.keys()].filter((id) => !this.#objects.hasAllBelow(id));
    for (const part of inParts(left, (id) => entries.get(id)?.size ?? 0, foldersInAnswer)) {
      if (!(await this.#objects.fetchWhole(part))) return;
    }
  }

  find(root: Sha, paths: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>> {
    const how = { contents: false, together: nothing };
    return this.#failures.explained(ref, "reading", () => walk(this.#objects, root, paths, how));
  }

  read(
    root: Sha,
    paths: readonly RepoPath[],
    ref: RefName,
    together: ReadonlySet<RepoPath> = nothing,
  ): Promise<Map<RepoPath, ReadEntry>> {
    return this.#failures.explained(ref, "reading", async () => {
      const found = await walk(this.#objects, root, paths, { contents: true, together });
      const contentOf = ({ kind, id }: TreeEntry) => (kind === "file" ? this.#objects.get(id, "blob") : undefined);
      return new Map([...found].map(([path, entry]) => [path, { ...entry, content: contentOf(entry) }]));
    });
  }

  below(root: Sha, folders: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>> {
    return this.#failures.explained(ref, "reading", async () => {
      const found = await walk(this.#objects, root, folders, { contents: false, together: nothing });
      const ids = [...found.values()].filter(({ kind, id }) => kind === "folder" && !this.#objects.hasAllBelow(id));
      if (ids.length > 0) await this.#objects.fetchWhole(ids.map(({ id }) => id));
      return listBelow(found, (trees) => this.trees(trees, ref));
    });
  }

  trees(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    return this.#failures.explained(ref, "reading", () => this.#trees(ids));
  }

  async #trees(ids: readonly Sha[]): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    const missing = ids.filter((id) => !this.#objects.has(id));
    if (missing.length > 0) await this.#objects.fetchOnly(missing);
    return new Map(
      ids.map((id) => {
        const tree = this.#objects.tree(id);
        if (tree === undefined) throw new MalformedReply(`It did not hold the tree ${id}.`);
        return [id, tree];
      }),
    );
  }

  fetchCommit(commit: Sha, ref: RefName): Promise<Tip> {
    return this.#failures.explained(ref, "reading", async () => {
      // The history comes without trees.
      const isHere = this.#objects.has(commit) && this.#objects.has(this.#objects.commit(commit).tree);
      if (!isHere) await this.#fetchCommits({ wants: [commit] }, 2);
      return this.#tipOf(commit);
    });
  }

  log(commit: Sha, limit: number, ref: RefName): Promise<LoggedCommit[]> {
    return this.#failures.explained(ref, "reading", async () => {
      const entries: LoggedCommit[] = [];
      if (limit < 1) return entries;
      await this.#objects.fetch({ wants: [commit], depth: limit, filter: "tree:0" });
      // Where the server's history ends, a parent is not there.
      for (let at: Sha | undefined = commit; at !== undefined && entries.length < limit && this.#objects.has(at); ) {
        const read = this.#objects.commit(at);
        entries.push(logEntry(at, read));
        at = read.parents[0];
      }
      return entries;
    });
  }

  commit(ref: RefName, commit: NewCommit): Promise<Sha | undefined> {
    return this.#failures.explained(ref, "writing", async () => {
      const { parent, message, files } = commit;
      const expected = expectedOf(commit);
      const root = parent === undefined ? undefined : this.#objects.commit(parent).tree;
      if (root !== undefined) {
        const folders = [...new Set(files.flatMap(({ path }) => foldersAbove(path)))];
        const entries = await walk(this.#objects, root, folders, { contents: false, together: nothing });
        const trees = [root, ...[...entries.values()].flatMap(({ kind, id }) => (kind === "folder" ? [id] : []))];
        await this.trees(trees, ref);
      }
      const edited = editTree(root, files, (id) => this.#objects.get(id, "tree"));
      const author = commit.author ?? this.#settings.author;
      const made = writeCommit({
        tree: edited.root,
        parent,
        author,
        committer: this.#settings.committer,
        seconds: Math.floor(this.#options.clock.now() / 1000),
        message: commit.isSealed ? sealed(message, edited.root, author) : message,
      });
      const id = objectId(made);
      const pack = writePack([{ object: made }, ...edited.objects]);
      const settled = await settlePush(
        {
          push: () => this.#push(ref, expected, id, pack),
          readRef: () => this.#failures.explained(ref, "reading", () => this.#readRef(ref)),
          newest: (now, limit) => this.log(now, limit, ref),
          clock: this.#options.clock,
        },
        expected,
        id,
      );
      if (settled === "moved") return undefined;
      for (const { object } of [{ object: made }, ...edited.objects]) this.#objects.add(objectId(object), object);
      this.#tips.set(ref, id);
      return id;
    });
  }

  cost(): Cost {
    const { requests, bytesReceived, milliseconds } = this.#connection.traffic;
    return { way: "wire", requests, bytesReceived, milliseconds: Math.round(milliseconds) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
  }

  async #readRef(ref: RefName): Promise<Sha | undefined> {
    return (await this.#refs.read([ref])).get(ref);
  }

  /**
   * The commit with its root and the folders in it, of which only what has changed since the tip that is known; and the
   * tips of refs that were listed with it.
   */
  #fetchTip(ref: RefName, commit: Sha): Promise<void> {
    const have = this.#tips.get(ref);
    const others = this.#refs.waiting.filter((id) => !this.#objects.has(id));
    const wants = [...new Set([commit, ...others])];
    return this.#fetchCommits({ wants, ...(have === undefined ? {} : { haves: [have] }) }, 2);
  }

  /** Commits with so many levels of their trees; with none of them where the server's filters know no depth. */
  async #fetchCommits(request: Pick<FetchRequest, "wants" | "haves">, levels: number): Promise<void> {
    const { shallowFilters } = this.#options.memory;
    const { origin } = new URL(this.location);
    const fetch = (filter: string) => this.#objects.fetch({ ...request, depth: 1, filter });
    if (shallowFilters.has(origin)) return fetch("tree:0");
    try {
      await fetch(`tree:${levels}`);
    } catch (error) {
      // "tree filter allows max depth 0, but got 2"; whatever else it is, `tree:0` meets it again.
      if (!(error instanceof WireUnfit)) throw error;
      await fetch("tree:0");
      shallowFilters.add(origin);
    }
  }

  async #push(ref: RefName, old: Sha | undefined, id: Sha, pack: Buffer): Promise<PushTry> {
    this.#refs.forget([ref]);
    try {
      const report = await pushPack(this.#connection, { ref, old, new: id, pack });
      const status = report.reason === undefined ? undefined : `!\t${ref}\t[remote rejected] (${report.reason})`;
      return {
        outcome: report.ok ? "pushed" : "refused",
        busy: isBusy(status),
        failure: () => this.#failures.explain(report.stderr, ref, "writing", status ?? ""),
      };
    } catch (error) {
      const meaning = await this.#failures.meaningOf(error, ref, "writing");
      if (!(meaning instanceof GluError)) throw meaning;
      // Only who was not let in has surely written nothing: a proxy's time-out says nothing of the server.
      const outcome =
        error instanceof HttpRefusal && [401, 403, 404].includes(error.answer.status) ? "refused" : "unclear";
      return { outcome, busy: false, failure: () => meaning };
    }
  }
}
