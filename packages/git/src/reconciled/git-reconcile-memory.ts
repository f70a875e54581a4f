import { createHash } from "node:crypto";
import {
  type Cost,
  defaultArtifactRefs,
  longestQuiet,
  proposalsFolder,
  type Recalled,
  type ReconcileMemory,
  type RefName,
  type Told,
} from "@glu/core";
import type { Listed, RefAt, Remote } from "../remote/remote.ts";
import { type Mark, markName, readMark } from "./mark.ts";

/** A {@link Mark} below it, at the tip of the config branch. One at a time. */
const refs = "refs/glu/reconciled";

export interface GitReconcileMemoryOptions {
  /** The config repository. */
  remote: Remote;
  /** The server's default branch when it is left out. */
  branch: RefName | undefined;
  /** What else a decision depends on: where to look, the version of Glu. */
  scope: readonly unknown[];
  now(): number;
}

/** The memory of reconciliations as a ref beside the config branch: its name holds all there is to know. */
export class GitReconcileMemory implements ReconcileMemory {
  readonly #options: GitReconcileMemoryOptions;
  #marks: RefAt[] = [];
  #tip: RefAt | undefined;

  constructor(options: GitReconcileMemoryOptions) {
    this.#options = options;
  }

  async recall(): Promise<Recalled> {
    const { remote, branch } = this.#options;
    const listed = await remote.list([
      `${defaultArtifactRefs}/`,
      `${refs}/`,
      proposalsFolder,
      ...(branch === undefined ? [] : [branch]),
    ]);
    const id = branch === undefined ? undefined : listed.refs.get(branch);
    this.#tip = branch === undefined ? listed.head : id === undefined ? undefined : { ref: branch, id };
    this.#marks = [...listed.refs].flatMap(([ref, at]) => (ref.startsWith(`${refs}/`) ? [{ ref, id: at }] : []));
    const key = this.#keyOf(listed);
    const quiet = this.#marks
      .filter(({ id: at }) => at === this.#tip?.id)
      .flatMap(({ ref }) => readMark(ref.slice(refs.length + 1)) ?? [])
      .find((mark) => mark.key === key && this.#isBelieved(mark));
    const mayBeProposed = [...listed.refs.keys()].some((ref) => ref.startsWith(proposalsFolder));
    return { key, quiet, branch: this.#tip?.ref, mayBeProposed };
  }

  async remember(key: string, until: number, told: Told): Promise<void> {
    const { remote, now } = this.#options;
    if (this.#tip === undefined) return;
    const ref = `${refs}/${markName({ until: Math.min(until, now() + longestQuiet), key, told })}` as RefName;
    const old = this.#marks.filter((mark) => mark.ref !== ref);
    await remote.point(old.length === this.#marks.length ? [{ ref, id: this.#tip.id }] : [], old);
  }

  cost(): Cost {
    return this.#options.remote.cost();
  }

  #isBelieved({ until }: Mark): boolean {
    const now = this.#options.now();
    return until > now && until <= now + longestQuiet;
  }

  /** Of the tip, of the default branch, of all artifacts, and of what else decisions depend on. */
  #keyOf(listed: Listed): string {
    const artifacts = [...listed.refs].filter(([ref]) => ref.startsWith(`${defaultArtifactRefs}/`)).sort();
    const seen = JSON.stringify([this.#tip?.ref, this.#tip?.id, listed.head?.id, artifacts, this.#options.scope]);
    return createHash("sha256").update(seen).digest("hex").slice(0, 40);
  }
}
