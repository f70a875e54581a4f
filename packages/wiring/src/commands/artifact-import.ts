import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type AppName, type Artifact, importGimletd, type Stored, UserError } from "@glu/core";
import { contextVariables } from "@glu/hosts";
import type { artifactImport as command, InputsOf } from "@glu/inputs";
import { type Outcome, page } from "../outcome.ts";
import { refuseSecret } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, repositoriesOf } from "./artifact-stores.ts";

// What GimletD's CI plugin put there beside the whole environment; none of these can hold a secret.
const harmless = new Set([
  ...Object.values(contextVariables).flat(),
  "CI",
  "BUILD_NUMBER",
  "BRANCH",
  "SHA",
  "TAG",
  "EVENT",
]);

/** `glu artifact import`. */
export async function runArtifactImport(
  inputs: InputsOf<typeof command>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const artifacts = importGimletd(await readJson(inputs.file, surroundings.cwd), (name) => harmless.has(name));
  refuseSecret("file", artifacts, surroundings.redact);
  await using repositories = repositoriesOf(surroundings);
  const stores = await findStores(inputs, repositories);
  // All apps are known to be declared before the first is stored.
  const places = artifacts.map((artifact) => ({ artifact, store: stores.for(artifact.app as AppName) }));
  const stored: { artifact: Artifact; stored: Stored }[] = [];
  for (const { artifact, store } of places) {
    stored.push({ artifact, stored: await store.put(artifact) });
  }
  return page({
    schema: "glu.artifact-import.v1",
    result: stored.some((one) => one.stored.kind === "stored") ? "stored" : "exists",
    tone: "ok",
    headline: headlineOf(artifacts),
    columns: ["App", "Artifact", "Result"],
    rows: stored.map((one) => [one.artifact.app, one.artifact.id, one.stored.kind]),
    data: {
      artifacts: stored.map((one) => ({ app: one.artifact.app, id: one.artifact.id, result: one.stored.kind })),
    },
  });
}

function headlineOf(artifacts: readonly Artifact[]): string {
  const old = new Set(artifacts.map(({ importedId }) => importedId));
  const made = artifacts.length === 1 ? "an artifact" : `${artifacts.length} artifacts`;
  return `${old.size === 1 ? `${[...old][0]} is` : `${old.size} artifacts of GimletD are`} ${made} of Glu`;
}

async function readJson(path: string, cwd: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(cwd, path), "utf8"));
  } catch (cause) {
    throw new UserError("artifact/unreadable", `${path} cannot be read as JSON.`, {
      seen: path,
      fix: "Give the JSON of an artifact of GimletD, or of a list of them.",
      cause,
    });
  }
}
