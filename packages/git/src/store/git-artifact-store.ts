import {
  type AppName,
  type Artifact,
  type ArtifactId,
  type ArtifactStore,
  assembleArtifact,
  GluError,
  type Item,
  idsToPrune,
  itemFile,
  itemNamed,
  lasts,
  newestFirst,
  type RefName,
  type RepoPath,
  refuseOtherContent,
  refuseOtherItem,
  refuseUnknownArtifact,
  retryTransient,
  type Sha,
  type Stored,
  type StoredArtifact,
  sameArtifact,
  sameItem,
  UserError,
  verifyArtifact,
} from "@glu/core";
import type { GitRemoteOptions, NewFile, Remote, Tip } from "../remote/remote.ts";
import { contend } from "./contend.ts";

const idPattern = /^\d{8}t\d{6}z-[0-9a-f]{12}$/;

/**
 * Artifacts in Git: one ref `<base>/<app>` per app, each a chain of commits whose tree holds `<id>/artifact.json` and
 * `<id>/items/<name>.json`. Every write is a compare-and-swap; the newest 200 artifacts, those to keep and those with a
 * file `<id>/kept` stay.
 */
export class GitArtifactStore implements ArtifactStore {
  readonly location: string;
  readonly #remote: Remote;
  readonly #base: RefName;
  readonly #options: GitRemoteOptions;
  /** Where ids were listed last, by app. */
  readonly #listed = new Map<AppName, Tip>();
  /** Apps whose tips are asked for together, with the first of them. */
  readonly #expected = new Set<AppName>();
  /** Tips that came together; each is believed once. */
  readonly #together = new Map<AppName, Tip | undefined>();
  readonly #close: () => Promise<void>;

  constructor(remote: Remote, base: RefName, options: GitRemoteOptions, close: () => Promise<void>) {
    this.#close = close;
    this.#remote = remote;
    this.#base = base;
    this.#options = options;
    this.location = remote.location;
  }

  async put(artifact: Artifact, keep?: readonly ArtifactId[]): Promise<Stored> {
    verifyArtifact(artifact, "The artifact to store");
    const app = artifact.app as AppName;
    const id = artifact.id as ArtifactId;
    return this.#change(app, id, `Add ${app} ${id}`, async (tip) => {
      const folders = tip === undefined ? new Map<ArtifactId, Sha>() : await this.#foldersAt(tip, app);
      if (tip !== undefined && folders.has(id)) {
        const stored = (await this.#readAt(tip, app, [id])).get(id);
        if (stored !== undefined && !sameArtifact(stored.artifact, artifact)) refuseOtherContent(id, this.location);
        return undefined;
      }
      const passing = await this.#passing(folders, app);
      if (lasts(artifact, passing, keep)) return [file(artifactPath(id), artifact), mark(id)];
      const pruned = idsToPrune([id, ...passing], id, keep);
      return [file(artifactPath(id), artifact), ...pruned.map((old) => remove(old as string as RepoPath))];
    });
  }

  async expect(apps: readonly AppName[]): Promise<void> {
    for (const app of apps) this.#expected.add(app);
  }

  async ids(app: AppName): Promise<readonly ArtifactId[]> {
    const tip = await this.#look(app);
    return tip === undefined ? [] : newestFirst((await this.#foldersAt(tip, app)).keys());
  }

  async read(app: AppName, ids: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, StoredArtifact>> {
    if (ids.length === 0) return new Map();
    // What was listed just now is read where it was listed: artifacts do not change.
    const listed = this.#listed.get(app);
    this.#listed.delete(app);
    if (listed !== undefined) {
      const read = await this.#again(() => this.#readAt(listed, app, ids));
      if (ids.every((id) => read.has(id))) return read;
    }
    const tip = await this.#look(app);
    return tip === undefined ? new Map() : this.#again(() => this.#readAt(tip, app, ids));
  }

  /** The tip of an app's artifacts as it is now. */
  async #look(app: AppName): Promise<Tip | undefined> {
    if (this.#expected.has(app)) await this.#lookTogether();
    const tip = this.#together.has(app)
      ? this.#together.get(app)
      : await this.#again(() => this.#remote.fetchTip(this.#ref(app)));
    this.#together.delete(app);
    if (tip === undefined) this.#listed.delete(app);
    else this.#listed.set(app, tip);
    return tip;
  }

  async #lookTogether(): Promise<void> {
    const apps = [...this.#expected];
    this.#expected.clear();
    try {
      const tips = await this.#again(() => this.#remote.fetchTips(apps.map((app) => this.#ref(app))));
      for (const app of apps) if (tips.has(this.#ref(app))) this.#together.set(app, tips.get(this.#ref(app)));
    } catch (error) {
      // One of them may be why. Each is then asked for by itself, and what fails is said of that one.
      if (!(error instanceof GluError)) throw error;
    }
  }

  #again<T>(task: () => Promise<T>): Promise<T> {
    return retryTransient(this.#options.clock, task);
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
    files: (tip: Tip | undefined) => Promise<NewFile[] | undefined>,
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
  async #foldersAt(tip: Tip, app: AppName): Promise<Map<ArtifactId, Sha>> {
    const entries = (await this.#remote.trees([tip.tree], this.#ref(app))).get(tip.tree)?.values() ?? [];
    return new Map(
      [...entries]
        .filter(({ kind, name }) => kind === "folder" && idPattern.test(name))
        .map(({ name, id }) => [name as ArtifactId, id]),
    );
  }

  /** Those that pruning may remove; read from trees alone, which are here already. */
  async #passing(folders: ReadonlyMap<ArtifactId, Sha>, app: AppName): Promise<ArtifactId[]> {
    const trees = await this.#remote.trees([...folders.values()], this.#ref(app));
    return [...folders].filter(([, tree]) => !trees.get(tree)?.has(lastingMark)).map(([id]) => id);
  }

  async #readAt(tip: Tip, app: AppName, ids: readonly ArtifactId[]): Promise<Map<ArtifactId, StoredArtifact>> {
    const ref = this.#ref(app);
    const below = await this.#remote.below(tip.tree, ids as readonly string[] as RepoPath[], ref);
    for (const [path, { kind }] of below) {
      // Whatever else somebody put beside them is none of ours.
      if (!/^[^/]+\/(?:artifact\.json|items)(?:\/|$)/.test(path)) continue;
      if (kind !== "file") refuseWhatIsNone(`${this.location} ${ref}:${path}`, `is a ${kind}`);
      if (!/^[^/]+\/(?:artifact\.json|items\/[^/]+)$/.test(path)) {
        refuseWhatIsNone(`${this.location} ${ref}:${path}`, "is where a folder or nothing should be");
      }
    }
    const paths = [...below.keys()];
    const files = await this.#remote.read(tip.tree, paths, ref);
    const items = new Map<string, RepoPath[]>(ids.map((id) => [id, []]));
    for (const path of paths) {
      const [id = "", folder] = path.split("/");
      if (folder === "items") items.get(id)?.push(path);
    }
    const present = ids.filter((id) => files.has(artifactPath(id)));
    return new Map(
      present.map((id) => {
        const source = `${this.location} ${ref}:${id}`;
        const parse = (path: RepoPath): unknown =>
          parseJson(Buffer.from(files.get(path)?.content ?? []).toString("utf8"), source);
        const made = { artifact: parse(artifactPath(id)), items: items.get(id)?.map(parse) ?? [] };
        return [id, assembleArtifact(app, id, source, made)];
      }),
    );
  }

  #ref(app: AppName): RefName {
    return `${this.#base}/${app}` as RefName;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

/** A file beside `artifact.json` that says: pruning leaves this one. It is read from the tree, so its text is for people. */
const lastingMark = "kept";
const mark = (id: ArtifactId): NewFile => ({
  path: `${id}/${lastingMark}` as RepoPath,
  content: Buffer.from("Imported, or stored when it was older than the newest 200: it is not removed.\n"),
  executable: false,
});

const artifactPath = (id: ArtifactId): RepoPath => `${id}/artifact.json` as RepoPath;

function file(path: RepoPath, value: unknown): NewFile {
  return { path, content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`), executable: false };
}

function remove(path: RepoPath): NewFile {
  return { path, content: undefined, executable: false };
}

/** @throws UserError `artifact/malformed` */
function refuseWhatIsNone(place: string, what: string): never {
  throw new UserError("artifact/malformed", `${place} ${what}.`, {
    seen: place,
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
