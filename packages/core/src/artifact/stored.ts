import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { UserError } from "../errors.ts";
import { type Artifact, type Item, itemSchema } from "../model/artifact.ts";
import type { AppName, ArtifactId } from "../model/names.ts";
import type { StoredArtifact } from "../ports/artifact-store.ts";
import { verifyArtifact } from "./digest.ts";

/** How many artifacts of an app a pruning store keeps, beside those it is told to. */
export const keptArtifacts = 200;

/** The same when what records name is not known: enough that what may still run is among them. */
export const keptUnknowing = 1000;

/** Newest source commit first: ids begin with its time. */
export function newestFirst(ids: Iterable<ArtifactId>): ArtifactId[] {
  return [...ids].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/** How many of what does not last stay, beside what is to be kept; more when that is not known. */
const bound = (keep: Iterable<ArtifactId> | undefined): number => (keep === undefined ? keptUnknowing : keptArtifacts);

/**
 * Whether a pruning store marks a new artifact as lasting. An import is there on purpose, and so is what is older than
 * all that would stay when it is stored (a rebuild of an old commit): the next write must not remove it again.
 * @param ids what the store has, without what lasts
 * @param keep as for {@link idsToPrune}
 */
export function lasts(artifact: Artifact, ids: readonly ArtifactId[], keep: Iterable<ArtifactId> | undefined): boolean {
  return artifact.importedId !== undefined || ids.filter((id) => id > artifact.id).length >= bound(keep);
}

/**
 * The ids to remove when `added` was added, so that it, the newest {@link keptArtifacts} and all of `keep` stay; `ids`
 * are those that do not last. Without `keep` it is not known what records name: then the newest {@link keptUnknowing}
 * stay.
 */
export function idsToPrune(
  ids: Iterable<ArtifactId>,
  added: ArtifactId,
  keep: Iterable<ArtifactId> | undefined,
): ArtifactId[] {
  const kept = new Set([added, ...(keep ?? [])]);
  return newestFirst(ids)
    .slice(bound(keep))
    .filter((id) => !kept.has(id));
}

/**
 * The file name of an item in a store: `<name>.json`; for a name that not every file system can hold, `~`, 32 hex digits of its
 * SHA-256 and `.json`.
 */
export function itemFile(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name)) return `${name}.json`;
  return `~${createHash("sha256").update(name).digest("hex").slice(0, 32)}.json`;
}

/** Whether two items say the same, whatever the order of their keys. */
export function sameItem(a: Item, b: Item): boolean {
  return canonicalize(a) === canonicalize(b);
}

/** The item of that name, the artifact's own or added since. */
export function itemNamed(stored: StoredArtifact, name: string): Item | undefined {
  return [...stored.artifact.items, ...stored.addedItems].find((item) => item.name === name);
}

/** @throws UserError `artifact/item-exists`: items are append-only. */
export function refuseOtherItem(id: ArtifactId, item: Item): never {
  throw new UserError("artifact/item-exists", `Artifact ${id} already has another item ${JSON.stringify(item.name)}.`, {
    seen: item.name,
    fix: "Items are never replaced. Give the new one another name.",
  });
}

/**
 * An id stands for one artifact, and is never given another content: not in a store, nor where it was released.
 * @throws UserError `artifact/id-taken`
 */
export function refuseOtherContent(id: string, where: string): never {
  throw new UserError("artifact/id-taken", `${where} knows another artifact of the id ${id}.`, {
    seen: id,
    fix: "Two that share an id are made on purpose: find out who made this one, and build from another commit.",
  });
}

/** @throws UserError `artifact/not-found` */
export function refuseUnknownArtifact(app: AppName, id: ArtifactId, location: string): never {
  throw new UserError("artifact/not-found", `${location} has no artifact ${id} of ${app}.`, {
    seen: id,
    fix: `'glu artifact list --app ${app}' shows those it has.`,
  });
}

/**
 * What a store holds for one id, read from outside: the artifact, verified to be this one, and the items that were
 * added later, by name.
 * @throws UserError `artifact/malformed` or `artifact/tampered`
 */
export function assembleArtifact(
  app: AppName,
  id: ArtifactId,
  source: string,
  stored: { artifact: unknown; items: readonly unknown[] },
): StoredArtifact {
  const { artifact, digest } = verifyArtifact(stored.artifact, source);
  if (artifact.id !== id || artifact.app !== app) {
    throw new UserError(
      "artifact/tampered",
      `${source} holds ${artifact.app} ${artifact.id} in the place of ${app} ${id}.`,
      {
        seen: `${artifact.app} ${artifact.id}`,
        fix: "It was moved by hand. Put it back, or build the artifact again from its commit.",
      },
    );
  }
  const names = new Set(artifact.items.map((item) => item.name));
  const addedItems = stored.items.map((value) => {
    const item = itemSchema.safeParse(value);
    if (item.success && !names.has(item.data.name)) return item.data;
    throw new UserError("artifact/malformed", `${source} has an added item that is not one.`, {
      fix: "Items are added by 'glu artifact add' only; remove what was written by hand.",
    });
  });
  addedItems.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { artifact, digest, addedItems };
}
