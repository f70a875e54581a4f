import { parseRevision, UserError } from "@glu/core";
import type { diff as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu diff`. */
export async function runDiff(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context, clock } = surroundings;
  // A wrong input must cost no round trip.
  const left = await parseRevision(inputs.left, clock.now());
  const right = await parseRevision(inputs.right ?? left.environment, clock.now());
  if (left.at.kind === "now" && right.at.kind === "now" && left.environment === right.environment) {
    throw new UserError("input/revision", `${inputs.left} is compared with itself.`, {
      seen: inputs.left,
      fix: `Give another environment, or when: ${left.environment}@2d.`,
    });
  }
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const connection = await connectConfig(inputs, repositories, inputs.app);
  const [{ compareThere }] = await Promise.all([import("./comparison.ts"), loadPresentation()]);
  return await compareThere({ ...inputs, left, right }, connection, repositories, surroundings);
}
