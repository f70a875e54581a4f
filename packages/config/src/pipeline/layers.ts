import { type AppName, appName, matchesGlobs, type UserError } from "@glu/core";
import { discoveryFolder } from "../grammar/discover.ts";
import type { Settings } from "../grammar/grammar.ts";
import { isGlob } from "../grammar/names.ts";
import type { Path } from "../source/places.ts";
import { type Reading, report } from "./reading.ts";

/** Folder (`""` is the root) → the names of the folders in it. A folder that is not in the map does not exist. */
export type Folders = ReadonlyMap<string, readonly string[]>;

/** One place that says something about an app. */
export interface Layer {
  path: Path;
  settings: Settings;
}

/** An app before its layers are put together, the most general first. */
export interface LayeredApp {
  name: AppName;
  /** What declares it. */
  path: Path;
  layers: Layer[];
}

/** The declared apps in the order of the file, then the discovered ones by name, each with what is said about it. */
export function layerApps(reading: Reading, folders: Folders): LayeredApp[] {
  const { parsed, places } = reading;
  const keys = places.keys(["apps"]);
  const globs = keys.filter(isGlob);
  const declared = new Map<AppName, Path>();
  for (const key of keys) if (!isGlob(key)) declared.set(key as AppName, ["apps", key]);
  for (const [name, path] of discover(reading, folders)) if (!declared.has(name)) declared.set(name, path);

  const layer = (path: Path, settings: Settings | null | undefined): Layer[] =>
    settings === null || settings === undefined ? [] : [{ path, settings }];
  return [...declared].map(([name, path]) => ({
    name,
    path,
    layers: [
      ...layer(["defaults"], parsed.defaults),
      ...globs
        .filter((glob) => matchesGlobs([glob], name))
        .flatMap((glob) => layer(["apps", glob], parsed.apps?.[glob])),
      ...layer(["apps", name], parsed.apps?.[name]),
    ],
  }));
}

function discover(reading: Reading, folders: Folders): [AppName, Path][] {
  const found: [AppName, Path][] = [];
  (reading.parsed.discover ?? []).forEach((pattern, index) => {
    const folder = discoveryFolder(pattern);
    const path = ["discover", index];
    const names = folders.get(folder);
    if (names === undefined) {
      const message = `No folder ${JSON.stringify(folder === "" ? "." : folder)} in the repository.`;
      report(reading, path, "config/unknown-folder", message, "Name the folder that holds one folder per app.");
      return;
    }
    for (const name of names.filter((one) => !/^[._]/.test(one)).toSorted()) {
      const app = discovered(reading, name, folder, path);
      if (app !== undefined) found.push([app, path]);
    }
  });
  return found;
}

function discovered(reading: Reading, name: string, folder: string, path: Path): AppName | undefined {
  try {
    return appName(name);
  } catch (error) {
    const message = `The folder ${folder === "" ? "" : `${folder}/`}${name} cannot be an app: its name is not one.`;
    const fix = `${(error as UserError).fix ?? ""} Or begin it with '_' to leave it out.`.trim();
    report(reading, path, "config/folder-name", message, fix, { seen: name });
    return undefined;
  }
}
