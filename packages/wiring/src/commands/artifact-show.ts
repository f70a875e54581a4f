import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type App,
  type AppName,
  type Artifact,
  type ArtifactId,
  ArtifactReader,
  type ArtifactStore,
  newest,
  parseArtifactSelector,
  type StoredArtifact,
  UserError,
  versionLabel,
} from "@glu/core";
import type { artifactShow, InputsOf } from "@glu/inputs";
import { type Outcome, page } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, repositoriesOf, type Stores, withItems } from "./artifact-stores.ts";

/** `glu artifact show`. */
export async function runArtifactShow(
  inputs: InputsOf<typeof artifactShow>,
  surroundings: Surroundings,
): Promise<Outcome> {
  await using repositories = repositoriesOf(surroundings);
  const selector = parseArtifactSelector(inputs.artifact);
  const readFileText = (path: string) => readFile(resolve(surroundings.cwd, path), "utf8");
  const stores: Stores = selector.kind === "path" ? { of: () => [], apps: [] } : await findStores(inputs, repositories);
  const reader = new ArtifactReader(
    (app) => stores.of(app.name),
    readFileText,
    (text) => surroundings.logger.warning(text),
  );
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
  return page({
    tone: "note",
    schema: "glu.artifact-shown.v1",
    result: "shown",
    headline: `${artifact.app} ${versionLabel(artifact)}`,
    columns: ["Field", "Value"],
    rows: fieldsOf(artifact, stored),
    data: { artifact: stored === undefined ? artifact : withItems(stored) },
  });
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
