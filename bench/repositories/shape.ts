/** Changes with anything below that changes what is generated: the name of the cache has it. */
export const version = 1;

/** What a generated config repository looks like. The same shape gives the same bytes. */
export interface Shape {
  /** In the tip's tree, exactly. */
  files: number;
  commits: number;
  /**
   * Releases in each record. `few`: one or two, and the 51 that a record may hold in every fiftieth app, of which the
   * first is the one that is promoted. `full`: 51 everywhere, as after years.
   */
  records: "few" | "full";
  /** Every app has artifacts, 20 of each, and moves along automatic edges. */
  edges?: boolean;
}

/** Each in a folder of the environment: its values and three manifests that nobody promotes. */
export const environments = ["testing", "staging", "production-eu", "production-us"] as const;
export type EnvironmentName = (typeof environments)[number];

const filesOfAnApp = environments.length * 5;
/** Files that belong to no app, at least: config, README and what a team keeps beside them. */
const others = 10;

/** So many apps fit; the rest of the files belong to none. */
export function appsOf({ files }: Pick<Shape, "files">): string[] {
  const count = Math.floor((files - others) / filesOfAnApp);
  return Array.from({ length: count }, (_, index) => `app-${String(index).padStart(4, "0")}`);
}

/** Files of a repository with so many apps. */
export const filesFor = (apps: number): number => apps * filesOfAnApp + others;

/** Apps that have artifacts to promote: as many as the largest contention needs. */
export const promotable = 64;

/** Sizes by name; more commits where there are more files. */
export const commitsFor = (files: number): number => Math.max(100, Math.min(3000, Math.round(files / 8)));
