import type { remove as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu remove`. */
export async function runRemove(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  const token = findToken(undefined, undefined, env, context.host, inputs.plan ? "read" : "write");
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories);
  const [{ removeThere }] = await Promise.all([import("./removal.ts"), import("../shells/present.ts")]);
  return await removeThere(inputs, connection, repositories, surroundings);
}
