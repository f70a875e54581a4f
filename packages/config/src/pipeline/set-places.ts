import type { AppName, Environment, EnvName, RepoPath } from "@glu/core";
import type { Place } from "./prepared-entry.ts";

/** An app in an environment that sets places of the same files. */
export interface Writer {
  app: AppName;
  environment: EnvName;
  /** Where the file may be; the first stands for all. */
  paths: readonly RepoPath[];
  places: readonly Place[];
}

/** A place that two set, or one twice. */
export interface SetTwice {
  place: Place;
  selector: string;
  /** Who sets it already. */
  by: Writer;
}

/** Place → who set it first. */
type Setters = Map<string, Writer>;

/**
 * Who sets what in which file of which repository and branch. Most files have one writer: which places it sets is
 * written down when there is a second one.
 */
export class SetPlaces {
  readonly #files: ReadonlyMap<EnvName, Map<RepoPath | undefined, Writer | Setters>>;

  constructor(environments: Iterable<Environment>) {
    const trees = new Map<string, Map<RepoPath, Writer | Setters>>();
    const filesOf = ({ repository, ref }: Environment) => {
      const tree = JSON.stringify([repository, ref]);
      const files = trees.get(tree) ?? new Map<RepoPath, Writer | Setters>();
      trees.set(tree, files);
      return files;
    };
    this.#files = new Map([...environments].map((environment) => [environment.name, filesOf(environment)]));
  }

  /** Notes what a writer sets; what of it is set already is returned. */
  add(writer: Writer): SetTwice[] {
    const files = this.#files.get(writer.environment);
    if (files === undefined || writer.places.length === 0) return [];
    const [file] = writer.paths;
    const known = files.get(file);
    // Keys as they stand are different keys of one mapping.
    if (known === undefined && writer.places.every(({ key }) => key.literal)) {
      files.set(file, writer);
      return [];
    }
    const setters = known instanceof Map ? known : new Map<string, Writer>();
    if (known !== undefined && !(known instanceof Map)) enter(known, setters);
    files.set(file, setters);
    return enter(writer, setters);
  }
}

function enter(writer: Writer, setters: Setters): SetTwice[] {
  return writer.places.flatMap((place) => {
    const selector = place.key.fill(writer);
    // No path has a control character.
    const key = [...writer.paths, selector].join("\n");
    const by = setters.get(key);
    if (by === undefined) setters.set(key, writer);
    return by === undefined ? [] : [{ place, selector, by }];
  });
}
