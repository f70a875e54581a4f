import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type AppName,
  type Artifact,
  type BuildArtifactResult,
  type ImageRequest,
  buildArtifact as makeArtifact,
  UserError,
} from "@glu/core";
import type { buildArtifact as command, InputsOf } from "@glu/inputs";
import { createRegistry } from "@glu/registry";
import { saveArtifact } from "../artifact-file.ts";
import { linksOf } from "../links.ts";
import { nothingDone } from "../nothing-done.ts";
import type { Outcome } from "../outcome.ts";
import { fetchOf } from "../outside-fetch.ts";
import { registryCredentials } from "../registry-credentials.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Token } from "../repositories/token.ts";
import { refuseSecret } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import { placeOf } from "./artifact-place.ts";
import { parseItems, parsePairs, parsePairsFile } from "./key-values.ts";
import { readManifests } from "./manifests.ts";
import { requestElsewhere } from "./request.ts";

export type BuildInputs = Omit<InputsOf<typeof command>, "matrix" | "output">;

/** What an artifact is made with, beside its inputs. */
export interface BuildOptions {
  images: readonly ImageRequest[];
  /** The config repository, where one is given. */
  connection: ConfigConnection | undefined;
  repositories: Repositories;
  token: Token;
}

/** Makes the artifact: inputs → use case → what there is to say. */
export async function buildThere(
  inputs: BuildInputs,
  options: BuildOptions,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { context, clock } = surroundings;
  const { images, repositories, token } = options;
  const place = await placeOf(inputs, options, surroundings.logger);
  const result = await makeArtifact(
    {
      app: inputs.app,
      images,
      ...(await attachedTo(inputs, surroundings)),
      dryRun: inputs.dryRun,
      keep: place.keep,
    },
    {
      context,
      source: repositories.source,
      registry: createRegistry({
        credentials: registryCredentials(surroundings, token),
        clock,
        fetch: fetchOf(surroundings.env),
      }),
      store: place.store,
      clock,
    },
  );
  if (result.result === "ignored") return nothingDone(result.reason);
  const path = await saved(result.artifact, surroundings);
  const requested = await ask(inputs, result, token, surroundings);
  const { artifact, digest, storeRef } = result;
  return {
    exitCode: 0,
    outputs: outputsOf(artifact, { digest, storeRef, path }),
    report: {
      kind: "artifact",
      result: result.result === "stored" ? "created" : result.result,
      artifact,
      digest,
      store: storeRef === undefined ? undefined : { location: place.store.location, ref: storeRef },
      requested,
      now: clock.now(),
      links: linksOf(place.store.location, surroundings),
      notices: [],
    },
    notices: [],
  };
}

/** What goes into the artifact as it is. Files and escapes in JSON could bring in a secret that no input shows. */
async function attachedTo(inputs: BuildInputs, { cwd, redact }: Surroundings) {
  const items = parseItems(inputs.item);
  const fromFile = await readVarFile(inputs.varFile, cwd);
  const manifests = inputs.manifests === undefined ? [] : await readManifests(inputs.manifests, cwd);
  for (const [name, value] of Object.entries({ item: items, "var-file": fromFile, manifests })) {
    refuseSecret(name, value, redact);
  }
  return { items, vars: { ...fromFile, ...parsePairs(inputs.var, "var") }, manifests };
}

async function readVarFile(path: string | undefined, cwd: string): Promise<Record<string, string>> {
  if (path === undefined) return {};
  try {
    return parsePairsFile(await readFile(resolve(cwd, path)), path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError("input/var-file", `The file ${path} cannot be read.`, {
      seen: path,
      fix: "Check var-file.",
      cause,
    });
  }
}

/** Where the steps that follow find the artifact; nowhere when it cannot be written: it is stored already. */
async function saved(artifact: Artifact, surroundings: Surroundings): Promise<string> {
  try {
    return await saveArtifact(artifact, surroundings);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    surroundings.logger.warning(`The artifact is not in a file for later steps (artifact-path is empty): ${why}`);
    return "";
  }
}

async function ask(
  inputs: BuildInputs,
  result: Exclude<BuildArtifactResult, { result: "ignored" }>,
  token: Token,
  surroundings: Surroundings,
) {
  if (inputs.request === undefined || inputs.dryRun) return undefined;
  const asked = { app: [inputs.app as AppName], environment: [], artifact: result.artifact.id, reason: undefined };
  return { target: inputs.request, url: (await requestElsewhere(inputs.request, asked, token, surroundings)).url };
}

function outputsOf(artifact: Artifact, more: { digest: string; storeRef: string | undefined; path: string }) {
  const [image] = Object.values(artifact.images);
  return {
    "artifact-id": artifact.id,
    "artifact-digest": more.digest,
    "artifact-path": more.path,
    image: image?.ref ?? "",
    digest: image?.digest ?? "",
    "store-ref": more.storeRef ?? "",
    traceparent: artifact.trace?.traceparent ?? "",
  };
}
