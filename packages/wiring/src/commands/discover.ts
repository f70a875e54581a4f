import type { discover as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu discover`. */
export async function runDiscover(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  const token = findToken(undefined, undefined, env, context.host);
  await using repositories = new Repositories(surroundings, token);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  // The server is asked by now: what looks at sources is loaded while it answers.
  const [{ discoverThere }] = await Promise.all([import("./discovering.ts"), import("../shells/present.ts")]);
  return await discoverThere(inputs, { connection, repositories, token }, surroundings);
}
