import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type AppName,
  type Artifact,
  type ArtifactId,
  type ArtifactStore,
  appName,
  artifactId,
  assembleArtifact,
  type Item,
  itemFile,
  itemNamed,
  newestFirst,
  refuseOtherContent,
  refuseOtherItem,
  refuseUnknownArtifact,
  type Stored,
  type StoredArtifact,
  sameArtifact,
  sameItem,
  UserError,
  verifyArtifact,
} from "@glu/core";
import { createOnce } from "./exclusive-file.ts";

/**
 * Artifacts in a folder: `<path>/<app>/<id>/artifact.json`, and added items beside in `items/`. Any number of processes
 * may write at once. Nothing is ever removed: `keep` has nothing to do.
 * @param path relative paths are from the process's folder
 */
export function openFileStore(path: string): ArtifactStore {
  return new FileArtifactStore(resolve(path));
}

class FileArtifactStore implements ArtifactStore {
  readonly location: string;

  constructor(location: string) {
    this.location = location;
  }

  async put(artifact: Artifact): Promise<Stored> {
    verifyArtifact(artifact, "The artifact to store");
    const [app, id] = [artifact.app as AppName, artifact.id as ArtifactId];
    const file = join(this.#folder(app, id), "artifact.json");
    const made = await this.#doing(() => createOnce(file, toJson(artifact)));
    const stored = made ? undefined : (await this.read(app, [id])).get(id);
    if (stored !== undefined && !sameArtifact(stored.artifact, artifact)) refuseOtherContent(id, this.location);
    return this.#outcome(made, file);
  }

  async expect(): Promise<void> {}

  async ids(app: AppName): Promise<readonly ArtifactId[]> {
    const folder = join(this.location, appName(app));
    const names = await this.#doing(() => namesIn(folder));
    const ids = names.filter((name) => /^\d{8}t\d{6}z-[0-9a-f]{12}$/.test(name)) as ArtifactId[];
    // A folder whose artifact is still being written is none yet.
    const files = await Promise.all(ids.map((id) => this.#doing(() => namesIn(join(folder, id)))));
    return newestFirst(ids.filter((_, index) => files[index]?.includes("artifact.json")));
  }

  async read(app: AppName, ids: readonly ArtifactId[]): Promise<ReadonlyMap<ArtifactId, StoredArtifact>> {
    const read = await Promise.all(
      ids.map(async (id) => [id, await this.#doing(() => this.#readOne(app, id))] as const),
    );
    return new Map(read.flatMap(([id, stored]) => (stored === undefined ? [] : [[id, stored]])));
  }

  async addItem(app: AppName, id: ArtifactId, item: Item): Promise<Stored> {
    const stored = (await this.read(app, [id])).get(id) ?? refuseUnknownArtifact(app, id, this.location);
    const file = join(this.#folder(app, id), "items", itemFile(item.name));
    const known = itemNamed(stored, item.name);
    if (known === undefined && (await this.#doing(() => createOnce(file, toJson(item)))))
      return this.#outcome(true, file);
    const now = known ?? itemNamed((await this.read(app, [id])).get(id) ?? stored, item.name);
    return now !== undefined && sameItem(now, item) ? this.#outcome(false, file) : refuseOtherItem(id, item);
  }

  async #readOne(app: AppName, id: ArtifactId): Promise<StoredArtifact | undefined> {
    const folder = this.#folder(app, id);
    const text = await textIn(join(folder, "artifact.json"));
    if (text === undefined) return undefined;
    const place = join(folder, "items");
    const names = (await wellFormed(place, namesIn(place))).filter((name) => name.endsWith(".json"));
    const items = await Promise.all(names.map((name) => wellFormed(join(place, name), textIn(join(place, name)))));
    const parsed = items.flatMap((item) => (item === undefined ? [] : [fromJson(item, folder)]));
    return assembleArtifact(app, id, folder, { artifact: fromJson(text, folder), items: parsed });
  }

  /** Names are checked again here: they become paths. */
  #folder(app: AppName, id: ArtifactId): string {
    return join(this.location, appName(app), artifactId(id));
  }

  #outcome(made: boolean, file: string): Stored {
    return { kind: made ? "stored" : "exists", ref: file };
  }

  async #doing<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new UserError("store/unusable", `The folder ${this.location} cannot be used as artifact store: ${code}.`, {
        seen: code,
        fix: "Give a folder that this job may read and write, on a file system with hard links.",
        cause: error,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** @throws UserError `artifact/malformed` when a file is where a folder belongs, or a folder where a file does */
async function wellFormed<T>(place: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "EISDIR") throw cause;
    throw new UserError("artifact/malformed", `${place} is ${code === "EISDIR" ? "a folder" : "no folder"}.`, {
      seen: place,
      fix: "It was changed by hand. Build the artifact again from its commit.",
      cause,
    });
  }
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function fromJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError("artifact/malformed", `${source} holds something that is not JSON.`, {
      fix: "It was changed by hand. Build the artifact again from its commit.",
      cause,
    });
  }
}

/** Names in a folder; none when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  return (await absentIsUndefined(readdir(folder))) ?? [];
}

async function textIn(file: string): Promise<string | undefined> {
  return absentIsUndefined(readFile(file, "utf8"));
}

async function absentIsUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
