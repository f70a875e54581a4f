import { setImmediate } from "node:timers/promises";
import type { Sha } from "@glu/core";
import { type ReadCommit, readCommit } from "../objects/commit.ts";
import { MalformedReply, TooLarge } from "../objects/malformed-reply.ts";
import { parseTree, type TreeEntry } from "../objects/tree.ts";
import { inParts } from "./in-parts.ts";
import type { GitObject } from "./pack/object.ts";
import { readPack } from "./pack/read-pack.ts";
import type { Connection } from "./protocol/connection.ts";
import { type FetchRequest, fetchPack } from "./protocol/upload-pack.ts";
import type { WalkObjects } from "./walk.ts";
import { WireUnfit } from "./wire-unfit.ts";

export interface AnswerLimits {
  /** Bytes of an answer. */
  answer: number;
  /** Bytes that one folder that is taken whole for convenience may add to it. */
  folder: number;
  /** Folders that are taken whole by one answer: full records of so many apps, in four environments, still fit. */
  folders: number;
  /** Answers at most, a power of two, for what is asked for by name and too large for one. */
  parts: number;
}

const answerLimits: AnswerLimits = { answer: 64 << 20, folder: 1 << 20, folders: 512, parts: 8 };

/** A request that waits for who else has something to ask. */
interface SharedRequest {
  asked: Set<Sha>;
  /** False when it is too much to be taken whole. */
  answered: Promise<boolean>;
}

/** The objects of one repository that have come over the wire, each under the name that its bytes give it. */
export class WireObjects implements WalkObjects {
  readonly #connection: Connection;
  readonly #limits: AnswerLimits;
  readonly #objects = new Map<Sha, GitObject>();
  readonly #trees = new Map<Sha, ReadonlyMap<string, TreeEntry>>();
  #wholeIsTooMuch = false;
  #shared: SharedRequest | undefined;

  constructor(connection: Connection, limits: AnswerLimits = answerLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  has(id: Sha, type?: GitObject["type"]): boolean {
    const object = this.#objects.get(id);
    return object !== undefined && (type === undefined || object.type === type);
  }

  /** An object that has come. @throws MalformedReply when the server left it out */
  get(id: Sha, type: GitObject["type"]): Buffer {
    const object = this.#objects.get(id);
    if (object?.type === type) return object.content;
    throw new MalformedReply(`It did not hold the ${type} ${id}.`);
  }

  commit(id: Sha): ReadCommit {
    return readCommit(this.get(id, "commit"));
  }

  tree(id: Sha): ReadonlyMap<string, TreeEntry> | undefined {
    const known = this.#trees.get(id);
    if (known !== undefined || !this.has(id)) return known;
    const tree = parseTree(this.get(id, "tree"), 20);
    this.#trees.set(id, tree);
    return tree;
  }

  /** Whether a tree is here with everything below it. */
  hasAllBelow(id: Sha): boolean {
    const entries = [...(this.tree(id)?.values() ?? [{ kind: "file" as const, id }])];
    return entries.every(({ kind, id: below }) =>
      kind === "folder" ? this.hasAllBelow(below) : kind === "submodule" || this.has(below),
    );
  }

  /** Keeps what was made here, so that it need not come back. */
  add(id: Sha, object: GitObject): void {
    this.#objects.set(id, object);
  }

  async fetch(request: Omit<FetchRequest, "limit">, limit = this.#limits.answer): Promise<void> {
    const pack = await fetchPack(this.#connection, { ...request, limit });
    for (const [id, object] of readPack(pack, (base) => this.#objects.get(base))) this.#objects.set(id, object);
  }

  async fetchOnly(ids: readonly Sha[]): Promise<void> {
    // What is wanted by name comes, whatever is left out; but not what Git met before below another one that is wanted,
    // as where two folders have the same content. That comes when it is asked for again, without the other.
    let left = ids;
    while (left.length > 0) {
      await this.#fetchInHalves(left);
      const still = left.filter((id) => !this.has(id));
      if (still.length === left.length) this.#mustHave(still);
      left = still;
    }
  }

  /** What is asked for in the same turn of the event loop, such as records and an artifact, comes by one request. */
  async fetchWhole(ids: readonly Sha[]): Promise<boolean> {
    if (this.#wholeIsTooMuch) return false;
    this.#shared ??= this.#share();
    const { asked, answered } = this.#shared;
    for (const id of ids) asked.add(id);
    try {
      if (!(await answered)) return false;
    } catch (error) {
      // It may be the other one's alone.
      if (asked.size === new Set(ids).size) throw error;
      if (!(await this.#fetchWhole(ids))) return false;
    }
    this.#mustHave(ids);
    return true;
  }

  #share(): SharedRequest {
    const asked = new Set<Sha>();
    const answered = setImmediate().then(() => {
      this.#shared = undefined;
      return this.#fetchWhole([...asked]);
    });
    return { asked, answered };
  }

  async #fetchWhole(ids: readonly Sha[]): Promise<boolean> {
    const { answer, folder, folders } = this.#limits;
    try {
      for (const wants of inParts(ids, () => 1, folders)) {
        await this.fetch({ wants }, Math.min(answer, wants.length * folder));
      }
    } catch (error) {
      if (!(error instanceof MalformedReply)) throw error;
      this.#wholeIsTooMuch = true;
      return false;
    }
    return true;
  }

  /**
   * What is too large for one answer is asked for again in halves, and these in halves, as often as the limits say. A
   * server that sends too much whatever it is asked for is given up then.
   */
  async #fetchInHalves(ids: readonly Sha[], parts = 1): Promise<void> {
    try {
      await this.fetch({ wants: ids, filter: "tree:0" });
    } catch (error) {
      if (!(error instanceof TooLarge) || ids.length < 2 || parts === this.#limits.parts) throw error;
      const half = Math.ceil(ids.length / 2);
      await this.#fetchInHalves(ids.slice(0, half), 2 * parts);
      await this.#fetchInHalves(ids.slice(half), 2 * parts);
    }
  }

  #mustHave(ids: readonly Sha[]): void {
    const left = ids.find((id) => !this.has(id));
    if (left !== undefined) throw new WireUnfit(`The server did not send ${left}.`);
  }
}
