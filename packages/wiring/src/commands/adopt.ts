import type { adopt as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

export type AdoptInputs = InputsOf<typeof command>;

/** `glu adopt`: asks the config repository first; what reads the answer is loaded while it is on its way. */
export async function runAdopt(inputs: AdoptInputs, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  const token = findToken(undefined, undefined, env, context.host);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  const [{ adoptThere }] = await Promise.all([import("./adoption.ts"), import("../shells/present.ts")]);
  return await adoptThere(inputs, { connection, repositories, token }, surroundings);
}
