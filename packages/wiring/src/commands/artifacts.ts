import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type App,
  type AppName,
  type Artifact,
  type ArtifactId,
  ArtifactReader,
  type ArtifactStore,
  listArtifacts,
  newest,
  parseArtifactSelector,
  type RefName,
  type StoredArtifact,
  UserError,
  unknownName,
  versionLabel,
} from "@glu/core";
import { type artifactAdd, type artifactList, type artifactShow, type InputsOf, moment } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { locateRepository } from "../repositories/locate.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseItem } from "./key-values.ts";

/** Where artifacts of an app are read, and the apps that are declared; none are when no config is looked at. */
export interface Stores {
  of(app: AppName): readonly ArtifactStore[];
  apps: readonly AppName[];
}

export async function findStores(
  inputs: { artifactRepository: string | undefined; configRepository: string | undefined; ref: RefName | undefined },
  repositories: Repositories,
): Promise<Stores> {
  if (inputs.artifactRepository !== undefined) {
    const location = await locateRepository(inputs.artifactRepository, repositories.locator);
    return { of: () => [repositories.gitStore(location, "refs/glu/artifacts")], apps: [] };
  }
  const connection = await connectConfig({ ...inputs, config: undefined }, repositories);
  const pipeline = await connection.loadPipeline(await connection.repository.open());
  return {
    of: (name) => {
      const app = pipeline.apps.get(name);
      if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
      return connection.storesOf(app);
    },
    apps: [...pipeline.apps.keys()],
  };
}

export function repositoriesOf(surroundings: Surroundings): Repositories {
  const { env, context } = surroundings;
  return new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
}

/** `glu artifact list`. */
export async function runArtifactList(
  inputs: InputsOf<typeof artifactList>,
  surroundings: Surroundings,
): Promise<Outcome> {
  await using repositories = repositoriesOf(surroundings);
  const stores = await findStores(inputs, repositories);
  const apps = inputs.app.length > 0 ? inputs.app : stores.apps;
  if (apps.length === 0) {
    throw new UserError("input/app-missing", "Which app's artifacts to list is not known here.", {
      fix: "Give --app.",
    });
  }
  const now = surroundings.clock.now();
  const { since, until, ...filter } = inputs;
  const found: StoredArtifact[] = [];
  for (const app of apps) {
    for (const store of stores.of(app)) {
      const times = { since: since && moment(since, now, "ago"), until: until && moment(until, now, "ago") };
      const all = await listArtifacts(store, app, { ...filter, ...times, offset: 0, limit: Number.POSITIVE_INFINITY });
      const known = new Set(found.map(({ artifact }) => artifact.id));
      found.push(...all.filter(({ artifact }) => !known.has(artifact.id)));
    }
  }
  found.sort((a, b) => (a.artifact.id < b.artifact.id ? 1 : -1));
  const shown = found.slice(inputs.offset, inputs.offset + inputs.limit);
  return {
    exitCode: 0,
    outputs: {},
    notices: [],
    report: {
      kind: "page",
      tone: "note",
      schema: "glu.artifact-list.v1",
      result: "listed",
      headline: `${shown.length} of ${found.length} artifacts`,
      columns: ["App", "Artifact", "Version", "Event", "Branch", "Commit", "Committed", "Message"],
      rows: shown.map(({ artifact }) => rowOf(artifact)),
      data: { total: found.length, artifacts: shown.map(withItems) },
    },
  };
}

function rowOf(artifact: Artifact): string[] {
  const { version, app, id, committedAt } = artifact;
  const subject = (version.message ?? "").split("\n", 1)[0] ?? "";
  return [
    app,
    id,
    versionLabel(artifact),
    version.event,
    version.branch,
    version.sha.slice(0, 7),
    committedAt,
    subject,
  ];
}

/** What people and programs see: items that were added later are among the others, the digest is beside. */
function withItems({ artifact, digest, addedItems }: StoredArtifact) {
  return { ...artifact, digest, items: [...artifact.items, ...addedItems] };
}

/** `glu artifact show`. */
export async function runArtifactShow(
  inputs: InputsOf<typeof artifactShow>,
  surroundings: Surroundings,
): Promise<Outcome> {
  await using repositories = repositoriesOf(surroundings);
  const selector = parseArtifactSelector(inputs.artifact);
  const readFileText = (path: string) => readFile(resolve(surroundings.cwd, path), "utf8");
  const stores: Stores = selector.kind === "path" ? { of: () => [], apps: [] } : await findStores(inputs, repositories);
  const reader = new ArtifactReader((app) => stores.of(app.name), readFileText);
  const app = inputs.app ?? (stores.apps.length === 1 ? stores.apps[0] : undefined);
  if (app === undefined && selector.kind !== "path") {
    throw new UserError("input/app-missing", "Which app's artifact is meant is not known.", { fix: "Give --app." });
  }
  const named = { name: app } as App;
  const artifact = selector.kind === "latest" ? newest(await reader.all(named)) : await reader.one(named, selector);
  if (artifact === undefined) {
    throw new UserError("artifact/none", `${app} has no artifact yet.`, { fix: "Build one with build-artifact." });
  }
  const stored = await findStored(artifact, app === undefined ? [] : stores.of(app));
  return {
    exitCode: 0,
    outputs: {},
    notices: [],
    report: {
      kind: "page",
      tone: "note",
      schema: "glu.artifact-shown.v1",
      result: "shown",
      headline: `${artifact.app} ${versionLabel(artifact)}`,
      columns: ["Field", "Value"],
      rows: fieldsOf(artifact, stored),
      data: { artifact: stored === undefined ? artifact : withItems(stored) },
    },
  };
}

async function findStored(artifact: Artifact, stores: readonly ArtifactStore[]): Promise<StoredArtifact | undefined> {
  for (const store of stores) {
    const id = artifact.id as ArtifactId;
    const found = (await store.read(artifact.app as AppName, [id])).get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldsOf(artifact: Artifact, stored: StoredArtifact | undefined): string[][] {
  const { version, images, run } = artifact;
  const items = [...artifact.items, ...(stored?.addedItems ?? [])];
  const fields: [string, string | undefined][] = [
    ["id", artifact.id],
    ["digest", stored?.digest],
    ["source", `${version.repositoryName}@${version.sha}`],
    ["event", version.event],
    ["branch", version.branch],
    ["tag", version.tag],
    ["author", version.authorName],
    ["message", (version.message ?? "").split("\n", 1)[0]],
    ["committed", artifact.committedAt],
    ["created", artifact.created],
    ...Object.entries(images).map(([key, image]): [string, string] => [`image ${key}`, image.ref]),
    ...items.map((item): [string, string] => [`item ${item.name}`, item.url ?? JSON.stringify(item)]),
    ...Object.entries(artifact.vars).map(([key, value]): [string, string] => [`var ${key}`, value]),
    ["run", run?.url ?? run?.id],
    ["imported from", artifact.importedId],
    ["trace", artifact.trace?.traceparent],
  ];
  return fields.filter((field): field is [string, string] => field[1] !== undefined && field[1] !== "");
}

/** `glu artifact add`. */
export async function runArtifactAdd(
  inputs: InputsOf<typeof artifactAdd>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const items = inputs.item.map(parseItem);
  if (items.length === 0)
    throw new UserError("input/item-missing", "There is no item to add.", { fix: "Give --item name=url." });
  const selector = parseArtifactSelector(inputs.artifact);
  if (selector.kind !== "id" && selector.kind !== "digest") {
    throw new UserError("input/artifact", "Items are added to one stored artifact.", {
      seen: inputs.artifact,
      fix: "Give its id or digest.",
    });
  }
  await using repositories = repositoriesOf(surroundings);
  const stores = await findStores(inputs, repositories);
  const reader = new ArtifactReader(
    (app) => stores.of(app.name),
    async () => "",
  );
  const artifact = await reader.one({ name: inputs.app } as App, selector);
  const id = artifact.id as ArtifactId;
  for (const store of stores.of(inputs.app)) {
    if (!(await store.ids(inputs.app)).includes(id)) continue;
    const added = [];
    for (const item of items) added.push({ name: item.name, result: (await store.addItem(inputs.app, id, item)).kind });
    return {
      exitCode: 0,
      outputs: {},
      notices: [],
      report: {
        kind: "page",
        tone: "note",
        schema: "glu.artifact-items.v1",
        result: added.some(({ result }) => result === "stored") ? "stored" : "exists",
        headline: `${artifact.app} ${id} carries ${added.map(({ name }) => name).join(", ")}`,
        columns: ["Item", "Result"],
        rows: added.map(({ name, result }) => [name, result]),
        data: { id, items: added },
      },
    };
  }
  throw new Error(`${id} was read and is in no store`);
}
