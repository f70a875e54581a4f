import { type Bytes, OutsideError, type RefName, type Sha } from "@glu/core";
import { parseTree, type TreeEntry } from "../objects/tree.ts";
import { type GitCommands, quietly } from "./git-commands.ts";
import { parseBatch } from "./parse-batch.ts";

/** Trees and blobs by id. Both are immutable, so trees are kept once they were read. */
export class ObjectReader {
  readonly #git: GitCommands;
  readonly #trees = new Map<Sha, ReadonlyMap<string, TreeEntry>>();

  constructor(git: GitCommands) {
    this.#git = git;
  }

  /** The entries of trees that were fetched. */
  async trees(ids: readonly Sha[]): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    const unread = ids.filter((id) => !this.#trees.has(id));
    if (unread.length > 0) {
      const objects = await this.#read(unread);
      for (const [id, content] of objects) this.#trees.set(id, parseTree(content, id.length / 2));
    }
    return new Map(
      ids.map((id) => {
        const tree = this.#trees.get(id);
        if (tree === undefined) throw this.#incomplete("tree", id);
        return [id, tree];
      }),
    );
  }

  /** The content of blobs; those that are not here yet are fetched together, in one request. */
  async blobs(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, Bytes>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const here = await this.#read(wanted);
    const missing = wanted.filter((id) => !here.has(id));
    if (missing.length === 0) return here;
    await this.#fetch(missing, ref);
    for (const [id, content] of await this.#read(missing)) here.set(id, content);
    const lost = missing.find((id) => !here.has(id));
    if (lost !== undefined) throw this.#incomplete("file", lost);
    return here;
  }

  async #fetch(ids: readonly Sha[], ref: RefName): Promise<void> {
    const fetched = await this.#git.online("fetch", ["fetch", ...quietly, "--filter=blob:none", "--stdin", "origin"], {
      input: `${ids.join("\n")}\n`,
      settings: [["fetch.negotiationAlgorithm", "noop"]],
    });
    if (fetched.code === 0) return;
    // An old server gives no single objects (uploadpack.allowAnySHA1InWant): take the tip whole.
    const whole = ["fetch", ...quietly, "--refetch", "--no-filter", "--depth=1", "origin", ref];
    const refetched = await this.#git.online("fetch", whole);
    if (refetched.code !== 0) throw await this.#git.failure(fetched, ref, "reading");
  }

  async #read(ids: readonly Sha[]): Promise<Map<Sha, Buffer>> {
    return parseBatch(await this.#git.output("work", ["cat-file", "--batch"], { input: `${ids.join("\n")}\n` }));
  }

  #incomplete(what: string, id: Sha): OutsideError {
    return new OutsideError("repository/incomplete", `${this.#git.location.url} did not send the ${what} ${id}.`, {
      seen: id,
      fix: "Run again; if it stays so, run 'git fsck' on the server.",
      transient: true,
    });
  }
}
