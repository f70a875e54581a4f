import {
  type AppName,
  type Artifact,
  type ArtifactId,
  type ArtifactStore,
  assembleArtifact,
  type Item,
  idsToPrune,
  itemFile,
  itemNamed,
  lasts,
  newestFirst,
  type RefName,
  type RepoPath,
  refName,
  refuseOtherItem,
  refuseUnknownArtifact,
  retryTransient,
  type Sha,
  type Stored,
  type StoredArtifact,
  sameItem,
  UserError,
  verifyArtifact,
} from "@glu/core";
import type { ImportFile } from "../remote/fast-import.ts";
import type { Tip } from "../remote/fetch-tip.ts";
import { findEntries } from "../remote/find-entries.ts";
import type { GitRemoteOptions } from "../remote/git-commands.ts";
import { GitRemote } from "../remote/git-remote.ts";
import { contend } from "./contend.ts";

export interface GitArtifactStoreOptions extends GitRemoteOptions {
  /** What the refs begin with; default `refs/glu/artifacts`. Under `refs/heads/` for servers that allow nothing else. */
  base?: string;
}

/**
 * Artifacts in Git: one ref `<base>/<app>` per app, each a chain of commits whose tree holds `<id>/artifact.json` and
 * `<id>/items/<name>.json`. Every write is a compare-and-swap; the newest 200 artifacts are kept, beside those with a
 * file `<id>/kept`.
 * @throws UserError `repository/location`, `repository/credentials-in-url`, `input/ref`; the server is asked later only
 */
export async function openArtifactStore(options: GitArtifactStoreOptions): Promise<ArtifactStore> {
  const base = refName(options.base ?? "refs/glu/artifacts");
  return new GitArtifactStore(await GitRemote.open(options), base, options);
}

const idPattern = /^\d{8}t\d{6}z-[0-9a-f]{12}$/;

class GitArtifactStore implements ArtifactStore {
  readonly location: string;
  readonly #remote: GitRemote;
  readonly #base: RefName;
  readonly #options: GitRemoteOptions;

  constructor(remote: GitRemote, base: RefName, options: GitRemoteOptions) {
    this.#remote = remote;
    this.#base = base;
    this.#options = options;
    this.location = remote.location;
  }

  async put(artifact: Artifact, keep: readonly ArtifactId[] = []): Promise<Stored> {
    verifyArtifact(artifact, "The artifact to store");
    const app = artifact.app as AppName;
    const id = artifact.id as ArtifactId;
    return this.#change(app, id, `Add ${app} ${id}`, async (tip) => {
      const folders = tip === undefined ? new Map<ArtifactId, Sha>() : await this.#foldersAt(tip);
      if (folders.has(id)) return undefined;
      const passing = await this.#passing(folders);
      if (lasts(artifact, passing)) return [file(artifactPath(id), artifact), mark(id)];
      const pruned = idsToPrune([id, ...passing], [id, ...keep]);
      return [file(artifactPath(id), artifact), ...pruned.map((old) => remove(old as string as RepoPath))];
    });
  }

  async ids(app: AppName): Promise<readonly ArtifactId[]> {
    return retryTransient(this.#options.clock, async () => {
      const tip = await this.#remote.fetchTip(this.#ref(app));
      return tip === undefined ? [] : newestFirst((await this.#foldersAt(tip)).keys());
    });
  }

  async read(app: AppName, ids: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, StoredArtifact>> {
    if (ids.length === 0) return new Map();
    return retryTransient(this.#options.clock, async () => {
      const tip = await this.#remote.fetchTip(this.#ref(app));
      return tip === undefined ? new Map() : this.#readAt(tip, app, ids);
    });
  }

  async addItem(app: AppName, id: ArtifactId, item: Item): Promise<Stored> {
    return this.#change(app, id, `Add an item to ${app} ${id}`, async (tip) => {
      const read = tip === undefined ? undefined : await this.#readAt(tip, app, [id]);
      const stored = read?.get(id) ?? refuseUnknownArtifact(app, id, this.location);
      const known = itemNamed(stored, item.name);
      if (known === undefined) return [file(`${id}/items/${itemFile(item.name)}` as RepoPath, item)];
      return sameItem(known, item) ? undefined : refuseOtherItem(id, item);
    });
  }

  /** Puts what `files` gives on top of the tip it was given, until nobody is in between. Nothing to write: `exists`. */
  #change(
    app: AppName,
    id: ArtifactId,
    message: string,
    files: (tip: Tip | undefined) => Promise<ImportFile[] | undefined>,
  ): Promise<Stored> {
    const ref = this.#ref(app);
    const { clock } = this.#options;
    // An attempt whose outcome is unclear may be repeated: what it wrote is then found, and is not written twice.
    const attempt = async (): Promise<Stored | undefined> => {
      const tip = await this.#remote.fetchTip(ref);
      const changes = await files(tip);
      if (changes === undefined) return { kind: "exists", ref: `${ref}:${id}` };
      const parent = tip === undefined ? {} : { parent: tip.commit };
      const written = await this.#remote.commit(ref, { ...parent, message: `${message}\n`, files: changes });
      return written === undefined ? undefined : { kind: "stored", ref: `${ref}:${id}` };
    };
    return contend(clock, `${this.location} ${ref}`, () => retryTransient(clock, attempt));
  }

  /** The artifacts of a tip, each with its tree. */
  async #foldersAt(tip: Tip): Promise<Map<ArtifactId, Sha>> {
    const entries = (await this.#remote.trees([tip.tree])).get(tip.tree)?.values() ?? [];
    return new Map(
      [...entries]
        .filter(({ kind, name }) => kind === "folder" && idPattern.test(name))
        .map(({ name, id }) => [name as ArtifactId, id]),
    );
  }

  /** Those that pruning may remove; read from trees alone, which are here already. */
  async #passing(folders: ReadonlyMap<ArtifactId, Sha>): Promise<ArtifactId[]> {
    const trees = await this.#remote.trees([...folders.values()]);
    return [...folders].filter(([, tree]) => !trees.get(tree)?.has(lastingMark)).map(([id]) => id);
  }

  async #readAt(tip: Tip, app: AppName, ids: readonly ArtifactId[]): Promise<Map<ArtifactId, StoredArtifact>> {
    const paths = ids.flatMap((id) => [artifactPath(id), itemsPath(id)]);
    const entries = await findEntries(this.#remote, tip.tree, paths);
    for (const [path, { kind }] of entries) {
      if (kind !== (path.endsWith("/items") ? "folder" : "file"))
        refuseWhatIsNone(`${this.location} ${this.#ref(app)}:${path}`, kind);
    }
    const folders = ids.flatMap((id) => entries.get(itemsPath(id))?.id ?? []);
    const trees = await this.#remote.trees(folders);
    const itemIds = (id: ArtifactId): Sha[] => {
      const folder = entries.get(itemsPath(id))?.id;
      const items = folder === undefined ? [] : [...(trees.get(folder)?.values() ?? [])];
      const other = items.find(({ kind }) => kind !== "file");
      if (other !== undefined) {
        refuseWhatIsNone(`${this.location} ${this.#ref(app)}:${itemsPath(id)}/${other.name}`, other.kind);
      }
      return items.map((entry) => entry.id);
    };
    const present = ids.flatMap((id) => {
      const artifact = entries.get(artifactPath(id))?.id;
      return artifact === undefined ? [] : [{ id, artifact, items: itemIds(id) }];
    });
    const wanted = present.flatMap(({ artifact, items }) => [artifact, ...items]);
    const blobs = await this.#remote.blobs(wanted, this.#ref(app));
    return new Map(
      present.map(({ id, artifact, items }) => {
        const source = `${this.location} ${this.#ref(app)}:${id}`;
        const parse = (blob: Sha): unknown => parseJson(Buffer.from(blobs.get(blob) ?? []).toString("utf8"), source);
        return [id, assembleArtifact(app, id, source, { artifact: parse(artifact), items: items.map(parse) })];
      }),
    );
  }

  #ref(app: AppName): RefName {
    return `${this.#base}/${app}` as RefName;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remote[Symbol.asyncDispose]();
  }
}

/** A file beside `artifact.json` that says: pruning leaves this one. It is read from the tree, so its text is for people. */
const lastingMark = "kept";
const mark = (id: ArtifactId): ImportFile => ({
  path: `${id}/${lastingMark}` as RepoPath,
  content: Buffer.from("Imported, or stored when it was older than the newest 200: it is not removed.\n"),
  executable: false,
});

const artifactPath = (id: ArtifactId): RepoPath => `${id}/artifact.json` as RepoPath;
const itemsPath = (id: ArtifactId): RepoPath => `${id}/items` as RepoPath;

function file(path: RepoPath, value: unknown): ImportFile {
  return { path, content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`), executable: false };
}

function remove(path: RepoPath): ImportFile {
  return { path, content: undefined, executable: false };
}

/** @throws UserError `artifact/malformed` */
function refuseWhatIsNone(place: string, kind: string): never {
  throw new UserError("artifact/malformed", `${place} is a ${kind}.`, {
    seen: kind,
    fix: "It was changed by hand. Build the artifact again from its commit.",
  });
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError("artifact/malformed", `${source} is not JSON.`, {
      fix: "It was changed by hand. Build the artifact again from its commit.",
      cause,
    });
  }
}
