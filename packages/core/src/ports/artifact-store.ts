import type { Artifact, Item } from "../model/artifact.ts";
import type { AppName, ArtifactId, Digest } from "../model/names.ts";

/** `stored`: new. `exists`: the same artifact, by its whole digest, was there already, and nothing was written. */
export type Stored = { kind: "stored" | "exists"; ref: string };

/** An artifact as it was made, verified, and what was attached to it since. */
export interface StoredArtifact {
  artifact: Artifact;
  digest: Digest;
  /** Attached by `addItem`; not part of the artifact's identity, and not in `artifact.items`. */
  addedItems: readonly Item[];
}

/**
 * Immutable artifacts by app. Readers verify the digest against the id: what does not match is an
 * `artifact/tampered` error, never a result.
 */
export interface ArtifactStore {
  /** For messages: never with credentials. */
  readonly location: string;
  /**
   * Adds an artifact; safe against concurrent writers. A store may remove the oldest then, but never what is in `keep`,
   * which names all that records name, nor what was imported or was already too old for it when it was stored: `stored`
   * is not undone by a later write. Without `keep` it is not known what records name, and pruning leaves much more.
   * Another artifact of that id is an error, `artifact/id-taken`.
   */
  put(artifact: Artifact, keep?: readonly ArtifactId[]): Promise<Stored>;
  /**
   * Says that all artifacts of these apps will be read, one app after the other: where asking takes long, they are then
   * asked for together. Asks nothing by itself; what cannot be read is told of each app when it is read.
   */
  expect(apps: readonly AppName[]): Promise<void>;
  /** All ids of an app, newest source commit first. Empty when there are none. */
  ids(app: AppName): Promise<readonly ArtifactId[]>;
  /** The artifacts that exist among `ids`, verified. */
  read(app: AppName, ids: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, StoredArtifact>>;
  /** Attaches an item to a stored artifact. The same item again is `exists`; another one of that name is an error. */
  addItem(app: AppName, id: ArtifactId, item: Item): Promise<Stored>;
  [Symbol.asyncDispose](): Promise<void>;
}
