import type { drift as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

export type DriftInputs = Omit<InputsOf<typeof command>, "output">;

/** `glu drift`, the action and the component: asks the config repository first, and loads what reads the answer then. */
export async function runDrift(inputs: DriftInputs, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  await using repositories = new Repositories(
    surroundings,
    findToken(inputs.token, inputs.hostToken, env, context.host, "read"),
  );
  const connection = await connectConfig(inputs, repositories);
  const [{ lookForDrift }] = await Promise.all([import("./look-for-drift.ts"), import("../shells/present.ts")]);
  return await lookForDrift(inputs, connection, repositories.token, surroundings);
}
