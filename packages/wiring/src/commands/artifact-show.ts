import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type App,
  type AppName,
  newest,
  parseArtifactSelector,
  readArtifactFile,
  refuseOtherApp,
  type StoredArtifact,
  UserError,
  versionLabel,
} from "@glu/core";
import type { artifactShow, InputsOf } from "@glu/inputs";
import { type Outcome, page } from "../outcome.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, readerOf, repositoriesOf, withItems } from "./artifact-stores.ts";

/** `glu artifact show`. */
export async function runArtifactShow(
  inputs: InputsOf<typeof artifactShow>,
  surroundings: Surroundings,
): Promise<Outcome> {
  await using repositories = repositoriesOf(surroundings);
  const selector = parseArtifactSelector(inputs.artifact);
  const stored = selector.kind === "path" ? await readGiven(selector.path, inputs.app, surroundings) : undefined;
  const { artifact, ...shown } = stored ?? (await readStored(selector as InStore, inputs, repositories, surroundings));
  return page({
    tone: "note",
    schema: "glu.artifact-shown.v1",
    result: "shown",
    headline: `${artifact.app} ${versionLabel(artifact)}`,
    columns: ["Field", "Value"],
    rows: fieldsOf({ artifact, ...shown }),
    data: { artifact: withItems({ artifact, ...shown }) },
  });
}

type InStore = Exclude<ReturnType<typeof parseArtifactSelector>, { kind: "path" }>;

/** The artifact in a file, of whichever app it is when none is named. */
async function readGiven(path: string, app: AppName | undefined, { cwd }: Surroundings): Promise<StoredArtifact> {
  const { artifact, digest } = await readArtifactFile(path, (one) => readFile(resolve(cwd, one), "utf8"));
  if (app !== undefined) refuseOtherApp(artifact, app, path);
  return { artifact, digest, addedItems: [] };
}

async function readStored(
  selector: InStore,
  inputs: InputsOf<typeof artifactShow>,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<StoredArtifact> {
  const stores = await findStores(inputs, repositories);
  const reader = readerOf(stores, surroundings);
  const app = inputs.app ?? (stores.apps.length === 1 ? stores.apps[0] : undefined);
  if (app === undefined) {
    throw new UserError("input/app-missing", "Which app's artifact is meant is not known.", { fix: "Give --app." });
  }
  const named = { name: app } as App;
  if (selector.kind !== "latest") return (await reader.find(named, selector)).stored;
  const all = await reader.allStored(named);
  const last = newest(all.map(({ artifact }) => artifact));
  const found = all.find(({ artifact }) => artifact === last);
  if (found !== undefined) return found;
  throw new UserError("artifact/none", `${app} has no artifact yet.`, { fix: "Build one with build-artifact." });
}

function fieldsOf({ artifact, digest, addedItems }: StoredArtifact): string[][] {
  const { version, images, run } = artifact;
  const items = [...artifact.items, ...addedItems];
  const fields: [string, string | undefined][] = [
    ["id", artifact.id],
    ["digest", digest],
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
