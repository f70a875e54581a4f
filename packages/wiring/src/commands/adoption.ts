import { randomUUID } from "node:crypto";
import { createTemplates } from "@glu/config";
import {
  type Adoption,
  type AdoptResult,
  adopt,
  type Origin,
  type Registry,
  requestId,
  requestIdOf,
  versionLabel,
} from "@glu/core";
import { editors } from "@glu/editors";
import { type Cell, count } from "@glu/report";
import { actorOf } from "../actor.ts";
import { artifactFileReader, contentNamed } from "../artifact-file.ts";
import { linksOf } from "../links.ts";
import { type Outcome, page } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Token } from "../repositories/token.ts";
import { refuseSecret } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import type { AdoptInputs } from "./adopt.ts";
import { identityOf } from "./promotion.ts";

interface Connected {
  connection: ConfigConnection;
  repositories: Repositories;
  token: Token;
}

/** The adoption itself: inputs → use case → what there is to say. */
export async function adoptThere(
  inputs: AdoptInputs,
  { connection, repositories, token }: Connected,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { context, clock, logger } = surroundings;
  const readFileText = artifactFileReader(surroundings.cwd);
  const readArtifactFile = async (path: string) => {
    const text = await readFileText(path);
    refuseSecret("artifact", text, surroundings.redact);
    return text;
  };
  const { commitVia: _way, ...given } = inputs;
  const artifact = inputs.artifact === undefined ? undefined : await contentNamed(inputs.artifact, readFileText);
  const result = await adopt(
    {
      apps: inputs.app,
      environments: inputs.environment,
      artifact: inputs.artifact,
      allowUnknown: inputs.allowUnknown,
      reason: inputs.reason,
      plan: inputs.plan,
      author: inputs.author === undefined ? undefined : identityOf(inputs.author),
      request: requestIdOf(context, { command: "adopt", ...given, artifact }) ?? requestId(randomUUID()),
      actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    },
    {
      ...connection,
      readArtifactFile,
      editors,
      templates: await createTemplates(),
      clock,
      logger,
      registry: registryWhenAsked(surroundings, token),
    },
  );
  return outcomeOf(result, connection, surroundings);
}

/** Hardly any adoption asks a registry. */
function registryWhenAsked(surroundings: Surroundings, token: Token): Registry {
  return {
    async resolve(name, tag) {
      const { registryOf } = await import("./registry.ts");
      return registryOf(surroundings, token).resolve(name, tag);
    },
  };
}

const headlines: Record<AdoptResult["result"], (counts: string) => string> = {
  adopted: (counts) => `Adopted what runs: ${counts}`,
  planned: (counts) => `What runs can be adopted: ${counts}`,
  unchanged: (counts) => `Nothing to adopt: ${counts}`,
  incomplete: (counts) => `Not everything can be adopted: ${counts}`,
};

function outcomeOf(
  { result, plan, places, commits, notices }: AdoptResult,
  { repository }: ConfigConnection,
  surroundings: Surroundings,
): Outcome {
  const links = linksOf(repository.location, surroundings);
  const outcome = page(
    {
      schema: "glu.adoption.v1",
      result,
      tone: result === "incomplete" ? "warning" : "ok",
      headline: headlines[result](countsOf(places, plan)),
      columns: places.length === 0 ? [] : ["Place", "Result", "Artifact", "Why", "What helps"],
      rows: places.map((place) => rowOf(place, plan)),
      data: {
        plan,
        repository: repository.location,
        commit: commits[0]?.commit ?? null,
        commits: commits.map((one) => ({ ...one, url: links.commit?.(one.commit) ?? null })),
        places: places.map(placeJson),
        notices,
      },
    },
    result === "incomplete" ? 3 : 0,
  );
  return { ...outcome, notices };
}

const kinds = [
  ["adopted", "adopted"],
  ["recorded", "recorded before"],
  ["empty", "with nothing running"],
  ["unknown", "unknown"],
] as const;

function countsOf(places: readonly Adoption[], plan: boolean): string {
  const parts = kinds.flatMap(([kind, done]) => {
    const words = plan && kind === "adopted" ? "to adopt" : done;
    const found = places.filter((place) => place.kind === kind).length;
    return found === 0 ? [] : [`${found} ${words}`];
  });
  return parts.length === 0 ? count(0, "place") : parts.join(", ");
}

const origins: Record<Origin, string> = {
  store: "writes what the files say",
  agreeing: "agrees with the files, which do not say all that it writes",
  files: "made of what the files say",
};

function rowOf(place: Adoption, plan: boolean): Cell[] {
  const about = `${place.app} → ${place.environment}`;
  if (place.kind === "adopted") {
    const { artifact } = place.release;
    const why = origins[place.origin];
    return [about, plan ? "to adopt" : "adopted", `${versionLabel(artifact)} (${artifact.id})`, why, ""];
  }
  if (place.kind === "recorded") {
    const artifact = place.release === undefined ? "" : versionLabel(place.release.artifact);
    return [about, "recorded", artifact, "has a record", ""];
  }
  if (place.kind === "empty") return [about, "empty", "", "nothing runs there yet", ""];
  return [about, "unknown", "", `${place.reason} (${place.code})`, place.fix];
}

function placeJson(place: Adoption): Record<string, unknown> {
  const { app, environment, kind } = place;
  const release = place.kind === "adopted" || place.kind === "recorded" ? place.release : undefined;
  return {
    app,
    environment,
    result: kind,
    artifact: release?.artifact.id ?? null,
    version: release === undefined ? null : versionLabel(release.artifact),
    origin: place.kind === "adopted" ? place.origin : null,
    values: place.kind === "unknown" ? place.found : (release?.writes ?? []),
    code: place.kind === "unknown" ? place.code : null,
    reason: place.kind === "unknown" ? place.reason : null,
    fix: place.kind === "unknown" ? place.fix : null,
  };
}
