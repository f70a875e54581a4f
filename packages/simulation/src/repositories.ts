import { type ConfigRepository, type Environment, type FileAt, type RepoPath, refName } from "@glu/core";
import type { Base } from "./memory/base.ts";
import type { FakeClock } from "./memory/fake-clock.ts";
import { MemoryRepository } from "./memory/memory-repository.ts";
import type { Seed } from "./memory/tree.ts";

export interface RepositoriesOptions {
  clock: FakeClock;
  /** What lies in the config repository at the start. */
  base: Base | undefined;
  /** Files that stand on top of it. */
  files: Seed | undefined;
  /** The same for an environment that lives elsewhere; undefined: the files of the config repository. */
  baseOf: ((environment: Environment) => Base | undefined) | undefined;
}

interface Held {
  repository: MemoryRepository;
  connection: ConfigRepository;
}

/** The config repository of a simulation, and those that environments name. */
export class SimulatedRepositories {
  readonly config: Held;
  readonly #options: RepositoriesOptions;
  readonly #elsewhere = new Map<string, Held>();

  constructor(options: RepositoriesOptions) {
    this.#options = options;
    this.config = this.#make({ location: "simulation", branch: "main", base: options.base });
  }

  /** Where an environment's files and records live. */
  of(environment: Environment): Held {
    const { repository, ref } = environment;
    if (repository === undefined && ref === undefined) return this.config;
    const key = JSON.stringify([repository, ref]);
    const { base, baseOf } = this.#options;
    const place = { location: repository ?? "simulation", branch: ref ?? "main", base: baseOf?.(environment) ?? base };
    const held = this.#elsewhere.get(key) ?? this.#make(place);
    this.#elsewhere.set(key, held);
    return held;
  }

  /** What an opened repository of the simulation lies in. */
  in(connection: ConfigRepository): MemoryRepository {
    const all = [this.config, ...this.#elsewhere.values()];
    const held = all.find((one) => one.connection === connection);
    if (held === undefined) throw new Error(`${connection.location} is not of this simulation.`);
    return held.repository;
  }

  #make({ location, branch, base }: { location: string; branch: string; base: Base | undefined }): Held {
    const { clock, files = {} } = this.#options;
    const ref = refName(branch);
    const more = base === undefined ? {} : { base };
    const repository = new MemoryRepository({ clock, location, branch: ref, seed: files, ...more });
    return { repository, connection: repository.open(ref) };
  }
}

/** A file at the tip. */
export async function readTip({ connection }: Held, path: RepoPath): Promise<FileAt | undefined> {
  return (await (await connection.open()).read([path])).get(path);
}
