import type { Freeze, Pin, Release, ReleaseRecord } from "@glu/core";

// What a commit's files say, read as somebody reads them who knows where they lie.

export type Tree = ReadonlyMap<string, string>;

/** Releases that a record remembers. */
export const remembered = 51;

export const recordPath = (app: string, environment: string): string => `.glu/${app}/${environment}.json`;
export const pinPath = (app: string, environment: string): string => `.glu/${app}/${environment}.pin.json`;

function json<T>(tree: Tree, path: string): T | undefined {
  const text = tree.get(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export const recordOf = (tree: Tree, app: string, environment: string): ReleaseRecord | undefined =>
  json<ReleaseRecord>(tree, recordPath(app, environment));

export const pinOf = (tree: Tree, app: string, environment: string): Pin | undefined =>
  json<Pin>(tree, pinPath(app, environment));

/** Of an environment, and of everything. */
export const freezesOf = (tree: Tree, environment: string): Freeze[] =>
  [environment, "all"].flatMap((scope) => json<Freeze>(tree, `.glu/_freeze/${scope}.json`) ?? []);

export const holdsAt = ({ until }: { until?: string | undefined }, at: number): boolean =>
  until === undefined || at < Date.parse(until);

/** Newest first, with what was taken out of there. */
export const releasesOf = (record: ReleaseRecord | undefined): Release[] =>
  record === undefined ? [] : record.current ? [record.current, ...record.history] : record.history;

export const numberOf = ({ artifact }: Release): number => Number(artifact.images.web?.tag?.slice(2));

export const isRejected = (record: ReleaseRecord | undefined, artifact: string): boolean =>
  record?.rejected.some((one) => one.artifact === artifact) ?? false;

/** Whether a file's values are those of a release. */
export const isIn = (values: { tag: string | undefined; digest: string | undefined }, { artifact }: Release): boolean =>
  values.tag === artifact.images.web?.tag && values.digest === artifact.images.web?.digest;
