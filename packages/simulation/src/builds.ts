import {
  type Artifact,
  type ArtifactId,
  appName,
  type Clock,
  type Pipeline,
  UserError,
  unknownName,
  versionLabel,
} from "@glu/core";
import { type BuildOptions, makeArtifact } from "./make-artifact.ts";
import { MemoryArtifactStore } from "./memory/memory-artifact-store.ts";
import type { AttachOptions } from "./options.ts";

/** What CI built in a simulation, and the store that it lies in. */
export class SimulatedBuilds {
  readonly store = new MemoryArtifactStore();
  readonly #clock: Clock;
  readonly #built: Artifact[] = [];
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** CI builds an artifact and stores it. @throws UserError `config/unknown-app` */
  async build(options: BuildOptions, pipeline: Pipeline): Promise<Artifact> {
    const app = pipeline.apps.get(appName(options.app));
    if (app === undefined) throw unknownName("app", options.app, pipeline.apps.keys(), pipeline.file);
    const number = ++this.#count;
    const artifact = await makeArtifact(app, options, { number, store: this.store, clock: this.#clock });
    this.#built.push(artifact);
    return artifact;
  }

  /**
   * CI attaches an item to an artifact that was built before, such as a scan that took longer.
   * @throws UserError `simulation/unknown-version`, `artifact/item-exists`
   */
  async attach({ app, artifact, item }: AttachOptions): Promise<void> {
    const id = this.named(artifact ?? "latest", [app]);
    const built = this.#built.findLast((one) => one.app === app && (id === "latest" || one.id === id));
    if (built === undefined) throw noBuild(app, artifact, []);
    await this.store.addItem(appName(app), built.id as ArtifactId, item);
  }

  /** An artifact that was built here, by its id. */
  byId(id: string): Artifact | undefined {
    return this.#built.find((artifact) => artifact.id === id);
  }

  /**
   * An id, digest or version as what `promote` takes; a version is one that was built here.
   * @throws UserError `simulation/unknown-version`
   */
  named(name: string, apps: readonly string[]): string {
    const built = this.#built.filter(({ app }) => apps.length === 0 || apps.includes(app));
    const found = built.findLast((artifact) => versionLabel(artifact) === name);
    if (found !== undefined) return found.id;
    if (namesArtifact.test(name)) return name;
    const known = [...new Set(built.map(versionLabel))];
    throw noBuild(apps.join(", ") || "any app", name, known);
  }
}

/** What names an artifact by itself: `latest`, an id, a digest. */
const namesArtifact = /^(?:latest|\d{8}t\d{6}z-[0-9a-f]{12}|sha256:[0-9a-f]{64})$/;

function noBuild(app: string, version: string | undefined, known: readonly string[]): UserError {
  const what = version === undefined || version === "latest" ? "There is no build of" : "No build of";
  const which = version === undefined || version === "latest" ? "" : ` has the version ${version}`;
  return new UserError("simulation/unknown-version", `${what} ${app}${which}.`, {
    seen: version ?? "latest",
    fix: known.length === 0 ? "Let it be built first." : `Built by now: ${known.slice(-12).join(", ")}.`,
  });
}
