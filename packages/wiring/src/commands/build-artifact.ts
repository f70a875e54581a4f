import { parseImage } from "@glu/registry";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import type { BuildInputs } from "./building.ts";

/** `glu artifact create`, the action and the component. */
export async function runBuildArtifact(inputs: BuildInputs, surroundings: Surroundings): Promise<Outcome> {
  const { context, env } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host);
  await using repositories = new Repositories(surroundings, token);
  // A wrong input must cost no round trip.
  const images = inputs.image.map(parseImage);
  const connection = inputs.configRepository === undefined ? undefined : await connectConfig(inputs, repositories);
  // The server is asked by now: what makes the artifact is loaded while it answers.
  const { buildThere } = await import("./building.ts");
  return await buildThere(inputs, { images, connection, repositories, token }, surroundings);
}
