import { parseArtifactSelector } from "@glu/core";
import type { explain, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu explain`. */
export async function runExplain(inputs: InputsOf<typeof explain>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  // A wrong input must cost no round trip.
  parseArtifactSelector(inputs.artifact);
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const connection = await connectConfig(inputs, repositories, [inputs.app]);
  // The server is asked by now: what decides and presents is loaded while it answers.
  const [{ explainThere }] = await Promise.all([import("./explanation.ts"), loadPresentation()]);
  return await explainThere(inputs, connection, repositories, surroundings);
}
