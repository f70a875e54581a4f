import type { Ancestry } from "../artifact/order.ts";
import type { Artifact } from "../model/artifact.ts";
import type { SourceRepository } from "../ports/source-repository.ts";

/** Reads, once a run and where it can be read, how source commits stand to each other; asked later without I/O. */
export class AncestryReader {
  readonly #source: SourceRepository | undefined;
  readonly #known = new Map<string, boolean | undefined>();

  constructor(source: SourceRepository | undefined) {
    this.#source = source;
  }

  async load(a: Artifact, b: Artifact | undefined): Promise<void> {
    if (this.#source === undefined || b === undefined || a.version.sha === b.version.sha) return;
    for (const [ancestor, descendant] of [
      [a.version.sha, b.version.sha],
      [b.version.sha, a.version.sha],
    ] as const) {
      const key = `${ancestor} ${descendant}`;
      if (!this.#known.has(key)) this.#known.set(key, await this.#source.isAncestor(ancestor, descendant));
    }
  }

  readonly ask: Ancestry = (ancestor, descendant) => this.#known.get(`${ancestor} ${descendant}`);
}
