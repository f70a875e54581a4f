import {
  type App,
  type Environment,
  type EnvName,
  guardBeside,
  nothingGuardedBelow,
  type RepoPath,
  UserError,
} from "@glu/core";
import { describePath } from "../grammar/explain-issue.ts";
import type { WriteEntry } from "../grammar/write.ts";
import type { Path } from "../source/places.ts";
import { areApart, folderAbove, type Shape, shapeOf } from "./apart.ts";
import { type PreparedEntry, prepareEntry } from "./prepared-entry.ts";
import { type Reading, report } from "./reading.ts";
import { SetPlaces, type Writer } from "./set-places.ts";

/** An app and what it writes. */
export interface Writing {
  app: App;
  entries: readonly WriteEntry[];
  path: Path;
}

/**
 * What can be told of `write` before there is an artifact: paths that leave the repository or are not for `write`, and
 * two apps or environments that set the same key of the same file, or the same entry of `images`. Only `{{ app }}` and
 * `{{ env }}` are known yet; any other template is taken for a name, and what depends on it is checked again at the
 * promotion.
 *
 * Every promotion comes through here with all apps, so what does not depend on the app is done once per entry, and of
 * apps that write alike and can never meet the first stands for all.
 */
export class WriteChecks {
  readonly #reading: Reading;
  readonly #guard: (path: RepoPath) => void;
  readonly #set: SetPlaces;
  readonly #prepared = new Map<WriteEntry, PreparedEntry | undefined>();
  /** One mistake in defaults is one mistake, however many apps it hits. */
  readonly #told = new Set<string>();

  constructor(reading: Reading, environments: ReadonlyMap<EnvName, Environment>) {
    this.#reading = reading;
    this.#guard = guardBeside(reading.file as RepoPath);
    this.#set = new SetPlaces(environments.values());
  }

  /** @param all every app that writes something, with its entries and where they stand */
  check(all: readonly Writing[]): void {
    const apart = this.#areApart(new Set(all.flatMap(({ entries }) => entries)));
    for (const { app, entries, path } of apart ? firstOfEach(all) : all) this.#add(app, entries, path);
  }

  /** Whether what one app writes says nothing of another, and is right or wrong whatever the app is called. */
  #areApart(entries: ReadonlySet<WriteEntry>): boolean {
    const prepared = [...entries].flatMap((entry) => this.#prepare(entry) ?? []);
    const shapes = prepared.map((entry) => (entry.sameKeys ? this.#shapeOf(entry) : undefined));
    const configFile = this.#reading.file as RepoPath;
    return (
      shapes.every((shape) => shape !== undefined && nothingGuardedBelow(folderAbove(shape), configFile)) &&
      areApart(shapes.filter((shape) => shape !== undefined))
    );
  }

  #shapeOf(entry: PreparedEntry): Shape | undefined {
    try {
      return shapeOf(entry);
    } catch (error) {
      // What is no path is told where it is met.
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  #add({ name, images, environments }: App, entries: readonly WriteEntry[], path: Path): void {
    entries.forEach((entry, index) => {
      const prepared = this.#prepare(entry);
      if (prepared === undefined) return;
      const places = prepared.target.whole ? prepared.placesOf(images) : [];
      for (const environment of environments) {
        const values = { app: name, environment };
        const paths = this.#pathsOf(values, prepared, [...path, index]);
        if (paths !== undefined) this.#claim({ ...values, paths, places }, [...path, index]);
      }
    });
  }

  #prepare(entry: WriteEntry): PreparedEntry | undefined {
    if (!this.#prepared.has(entry)) this.#prepared.set(entry, prepareEntry(entry));
    return this.#prepared.get(entry);
  }

  #pathsOf(values: Pick<Writer, "app" | "environment">, entry: PreparedEntry, path: Path): RepoPath[] | undefined {
    try {
      const paths = entry.pathsAt(entry.target.fill(values));
      for (const one of paths) this.#guard(one);
      return paths;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const fix = error.fix ?? "Write to files of the app.";
      const code = error.code === "edit/forbidden-path" ? error.code.replace("edit/", "config/") : "config/path";
      this.#tell([...path, entry.kind], code, error.message, fix, entry.target.text);
      return undefined;
    }
  }

  #claim(writer: Writer, path: Path): void {
    for (const { place, selector, by } of this.#set.add(writer)) {
      const [one, two] = [nameOf(writer), nameOf(by)];
      const both = one === two ? `${one} twice` : `${two} and by ${one}`;
      const message = `${selector} of ${writer.paths.join(", ")} is set by ${both}.`;
      const fix = "Give each its own: {{ app }} and {{ env }} can stand in the path and in the key.";
      this.#tell([...path, ...place.at], "config/same-place", message, fix, place.key.text);
    }
  }

  #tell(path: Path, code: string, message: string, fix: string, seen: unknown): void {
    const once = `${code} ${describePath(path)}`;
    if (this.#told.has(once)) return;
    this.#told.add(once);
    report(this.#reading, path, code, message, fix, { seen, on: code === "config/same-place" ? "key" : "value" });
  }
}

/** One app of those with the same entries and environments. */
function firstOfEach(all: readonly Writing[]): Writing[] {
  const seen = new Map<readonly WriteEntry[], Set<string>>();
  return all.filter(({ app, entries }) => {
    const lists = seen.get(entries) ?? new Set();
    seen.set(entries, lists);
    const list = app.environments.join();
    const isFirst = !lists.has(list);
    lists.add(list);
    return isFirst;
  });
}

const nameOf = ({ app, environment }: Writer): string => `${app} in ${environment}`;
