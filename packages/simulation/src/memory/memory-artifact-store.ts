import {
  type AppName,
  type Artifact,
  type ArtifactId,
  type ArtifactStore,
  assembleArtifact,
  type Item,
  idsToPrune,
  itemNamed,
  lasts,
  newestFirst,
  refuseOtherContent,
  refuseOtherItem,
  refuseUnknownArtifact,
  type Stored,
  type StoredArtifact,
  sameArtifact,
  sameItem,
  verifyArtifact,
} from "@glu/core";

interface Held {
  artifact: unknown;
  items: unknown[];
  lasts: boolean;
}

/** Artifacts in memory, kept as the JSON that other stores would hold. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly location = "memory:artifacts";
  readonly #apps = new Map<AppName, Map<ArtifactId, string>>();
  /** What was verified, by the text that it was read from: artifacts are immutable, and read in every run. */
  readonly #verified = new Map<string, { text: string; stored: StoredArtifact }>();
  #down: Error | undefined;

  /** Everything fails with this error until it is called with undefined. */
  failWith(error: Error | undefined): void {
    this.#down = error;
  }

  /** Changes what is stored behind the store's back. */
  tamper(app: AppName, id: ArtifactId, change: (artifact: Record<string, unknown>) => void): void {
    const held = this.#held(app, id);
    if (held === undefined) throw new Error(`There is no ${id} to tamper with.`);
    change(held.artifact as Record<string, unknown>);
    this.#apps.get(app)?.set(id, JSON.stringify(held));
  }

  async put(artifact: Artifact, keep?: readonly ArtifactId[]): Promise<Stored> {
    this.#ask();
    verifyArtifact(artifact, "The artifact to store");
    const [app, id] = [artifact.app as AppName, artifact.id as ArtifactId];
    const ids = this.#apps.get(app) ?? new Map<ArtifactId, string>();
    const held = this.#held(app, id);
    if (held !== undefined) {
      const stored = assembleArtifact(app, id, `memory:${app}/${id}`, held);
      if (!sameArtifact(stored.artifact, artifact)) refuseOtherContent(id, this.location);
      return { kind: "exists", ref: `memory:${app}/${id}` };
    }
    const passing = [...ids].filter(([, one]) => !(JSON.parse(one) as Held).lasts).map(([one]) => one);
    const forGood = lasts(artifact, passing, keep);
    ids.set(id, JSON.stringify({ artifact, items: [], lasts: forGood } satisfies Held));
    if (!forGood) for (const old of idsToPrune([id, ...passing], id, keep)) ids.delete(old);
    this.#apps.set(app, ids);
    return { kind: "stored", ref: `memory:${app}/${id}` };
  }

  async expect(): Promise<void> {}

  async ids(app: AppName): Promise<readonly ArtifactId[]> {
    this.#ask();
    return newestFirst(this.#apps.get(app)?.keys() ?? []);
  }

  async read(app: AppName, ids: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, StoredArtifact>> {
    this.#ask();
    const read = new Map<ArtifactId, StoredArtifact>();
    for (const id of ids) {
      const text = this.#apps.get(app)?.get(id);
      if (text !== undefined) read.set(id, this.#verify(app, id, text));
    }
    return read;
  }

  async addItem(app: AppName, id: ArtifactId, item: Item): Promise<Stored> {
    this.#ask();
    const held = this.#held(app, id) ?? refuseUnknownArtifact(app, id, this.location);
    const stored = assembleArtifact(app, id, `memory:${app}/${id}`, held);
    const known = itemNamed(stored, item.name);
    const ref = `memory:${app}/${id}`;
    if (known !== undefined) return sameItem(known, item) ? { kind: "exists", ref } : refuseOtherItem(id, item);
    held.items.push(item);
    this.#apps.get(app)?.set(id, JSON.stringify(held));
    return { kind: "stored", ref };
  }

  #verify(app: AppName, id: ArtifactId, text: string): StoredArtifact {
    const ref = `memory:${app}/${id}`;
    const known = this.#verified.get(ref);
    if (known?.text === text) return known.stored;
    const stored = assembleArtifact(app, id, ref, JSON.parse(text) as Held);
    this.#verified.set(ref, { text, stored });
    return stored;
  }

  #held(app: AppName, id: ArtifactId): Held | undefined {
    const text = this.#apps.get(app)?.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as Held);
  }

  #ask(): void {
    if (this.#down !== undefined) throw this.#down;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
