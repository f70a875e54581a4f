import { parseRollbackTarget, type RollbackOptions, readTime, UserError } from "@glu/core";
import type { rollback as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu rollback`, the action and the component: inputs → use case → what there is to say. */
export async function runRollback(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { context, env } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host, inputs.plan ? "read" : "write");
  // A wrong input must cost no round trip.
  const rollback = await rollbackOf(inputs, surroundings);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  const [{ decideThere }] = await Promise.all([import("./promotion.ts"), loadPresentation()]);
  // How long is waited, and by which way it is written, makes no other request of it.
  const { token: _token, hostToken: _hostToken, wait: _wait, commitVia: _way, matrix: _matrix, ...given } = inputs;
  const { output: _output, ...intent } = { command: "rollback", ...given };
  return await decideThere(
    inputs,
    { artifact: "latest", rollback, override: inputs.override, intent },
    connection,
    repositories,
    surroundings,
  );
}

async function rollbackOf(
  { to, pin, until, strategy, exact }: InputsOf<typeof command>,
  { clock }: Surroundings,
): Promise<RollbackOptions> {
  const now = clock.now();
  const pinned = pin === "true";
  if (until !== undefined && !pinned) {
    throw new UserError("input/until-without-pin", "Without a pin there is nothing that ends.", {
      seen: until,
      fix: "Leave until out, or let it be pinned.",
    });
  }
  return {
    target: await parseRollbackTarget(to, now),
    pin: pinned ? { until: until === undefined ? undefined : await readTime(until, now, "from") } : undefined,
    exact,
    directly: strategy === "commit",
  };
}
