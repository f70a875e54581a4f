import { type Ancestry, newest } from "../artifact/order.ts";
import type { Artifact } from "../model/artifact.ts";
import type { SourceRepository } from "../ports/source-repository.ts";

const repositoryOf = ({ repositoryName }: Artifact["version"]): string => repositoryName.toLowerCase();

/** Reads, once a run and where it can be read, how source commits stand to each other; asked later without I/O. */
export class AncestryReader {
  readonly #source: SourceRepository | undefined;
  /** By ancestor, then by descendant. */
  readonly #known = new Map<string, Map<string, boolean | undefined>>();
  readonly #among = new Map<string, Promise<readonly string[]>>();

  constructor(source: SourceRepository | undefined) {
    this.#source = source;
  }

  /** The greatest of a list, as `newest` finds it, of which only what must be known is asked for. */
  async newest(artifacts: readonly Artifact[]): Promise<Artifact | undefined> {
    const overtaken = await this.#overtaken(artifacts);
    const heads = artifacts.filter(({ version }) => !overtaken.has(`${repositoryOf(version)} ${version.sha}`));
    return newest(heads, this.ask);
  }

  /** Repository and commit of those that another one in the list descends from. */
  async #overtaken(artifacts: readonly Artifact[]): Promise<ReadonlySet<string>> {
    const overtaken = new Set<string>();
    if (this.#source === undefined) return overtaken;
    // Artifacts of different repositories have no order, whatever their commits are.
    for (const repository of new Set(artifacts.map(({ version }) => repositoryOf(version)))) {
      const all = artifacts.filter(({ version }) => repositoryOf(version) === repository);
      const commits = [...new Set(all.map(({ version }) => version.sha))].sort();
      const key = commits.join(" ");
      const found = this.#among.get(key) ?? this.#source.ancestorsAmong(commits);
      this.#among.set(key, found);
      for (const sha of await found) overtaken.add(`${repository} ${sha}`);
    }
    return overtaken;
  }

  async load(a: Artifact, b: Artifact | undefined): Promise<void> {
    if (this.#source === undefined || b === undefined || a.version.sha === b.version.sha) return;
    for (const [ancestor, descendant] of [
      [a.version.sha, b.version.sha],
      [b.version.sha, a.version.sha],
    ] as const) {
      const known = this.#known.get(ancestor) ?? new Map<string, boolean | undefined>();
      this.#known.set(ancestor, known);
      if (!known.has(descendant)) known.set(descendant, await this.#source.isAncestor(ancestor, descendant));
    }
  }

  readonly ask: Ancestry = (ancestor, descendant) => this.#known.get(ancestor)?.get(descendant);
}
