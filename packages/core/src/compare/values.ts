import { digestOf } from "../artifact/digest.ts";
import type { Release, Written } from "../model/record.ts";

/** A value that one side writes otherwise than the other; undefined: it does not write it. */
export interface ValueDifference {
  /** Where it stands; the two paths differ where they name their environments. */
  left: Pick<Written, "path" | "selector" | "value"> | undefined;
  right: Pick<Written, "path" | "selector" | "value"> | undefined;
}

/** A release, and the environment that it is in. */
export interface WritingSide {
  release: Release;
  environment: string;
}

/**
 * What two releases of one app wrote that differs for another reason than their artifacts. Places are paired by editor,
 * path and selector, where the name of the environment may differ; values are the same when they are so but for what
 * names the artifact or the environment. Pure.
 */
export function differingValues(left: WritingSide, right: WritingSide): ValueDifference[] {
  const [a, b] = [placesOf(left), placesOf(right)];
  const [plainA, plainB] = [plainOf(left), plainOf(right)];
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].flatMap((key): ValueDifference[] => {
    const [one, other] = [a.get(key), b.get(key)];
    if (one !== undefined && other !== undefined) {
      if (one.value === other.value || plainA(one.value) === plainB(other.value)) return [];
    }
    return [{ left: one && placeOf(one), right: other && placeOf(other) }];
  });
}

const placeOf = ({ path, selector, value }: Written) => ({ path, selector, value });

function placesOf({ release, environment }: WritingSide): Map<string, Written> {
  const named = (text: string) => replaceName(text, environment);
  return new Map(release.writes.map((one) => [`${one.editor}\0${named(one.path)}\0${named(one.selector)}`, one]));
}

/** A path between environments: the same file of the same app. */
export const withoutEnvironment = (path: string, environment: string): string => replaceName(path, environment);

/** A value without what names the artifact and the environment. */
function plainOf({ release, environment }: WritingSide): (value: string) => string {
  const { artifact } = release;
  const { sha, tag } = artifact.version;
  const images = Object.values(artifact.images).flatMap((image) => [image.ref, image.digest, image.tag]);
  const numbers = [artifact.run?.id, artifact.run?.number?.toString()];
  const names = [artifact.id, digestOf(artifact), sha, sha.slice(0, 12), sha.slice(0, 8), sha.slice(0, 7), tag]
    .concat(images, numbers, artifact.committedAt, artifact.created)
    .filter((name): name is string => name !== undefined && name !== "")
    .sort((one, other) => other.length - one.length);
  return (value) => replaceName(replaceVersions(value, names), environment);
}

/** Each of the versions where it stands for itself: a tag `1` is not part of `1.10`. */
const replaceVersions = (text: string, versions: readonly string[]): string =>
  versions.length === 0
    ? text
    : text.replace(new RegExp(`(?<![\\w.-])(?:${versions.map(literal).join("|")})(?![\\w-]|\\.\\w)`, "g"), "\u0002");

/** The name where it stands for itself, as in `apps/web/staging.yaml` or `web.staging.example.org`. */
const replaceName = (text: string, name: string): string =>
  text.replace(new RegExp(`(?<![\\w-])${literal(name)}(?![\\w-])`, "g"), "\u0001");

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
