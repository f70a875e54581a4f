import { parseRollbackTarget, type RollbackOptions, UserError } from "@glu/core";
import { type rollback as command, type InputsOf, moment } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu rollback`, the action and the component: inputs → use case → what there is to say. */
export async function runRollback(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { context, env } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host, inputs.plan ? "read" : "write");
  // A wrong input must cost no round trip.
  const rollback = rollbackOf(inputs, surroundings);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  const [{ decideThere }] = await Promise.all([import("./promotion.ts"), import("../shells/present.ts")]);
  // How long is waited, and by which way it is written, makes no other request of it.
  const { token: _token, hostToken: _hostToken, wait: _wait, commitVia: _way, matrix: _matrix, ...given } = inputs;
  const { output: _output, ...intent } = { command: "rollback", ...given };
  return await decideThere(inputs, { artifact: "latest", rollback, intent }, connection, repositories, surroundings);
}

function rollbackOf(
  { to, pin, until, override, strategy, exact }: InputsOf<typeof command>,
  { clock }: Surroundings,
): RollbackOptions {
  const now = clock.now();
  const pinned = pin === "true";
  if (until !== undefined && !pinned) {
    throw new UserError("input/until-without-pin", "Without a pin there is nothing that ends.", {
      seen: until,
      fix: "Leave until out, or let it be pinned.",
    });
  }
  return {
    target: parseRollbackTarget(to, (text) => timeIn(text, now)),
    pin: pinned ? { until: until === undefined ? undefined : moment(until, now, "from") } : undefined,
    override,
    exact,
    directly: strategy === "commit",
  };
}

/** A time or a distance; undefined where a text looks like neither. */
function timeIn(text: string, now: number): number | undefined {
  if (!/^(?:\d{4}-\d{2}-\d{2}T|(?:\d{1,6}[smhdw])+$)/.test(text)) return undefined;
  const at = Date.parse(moment(text, now, "ago"));
  if (at <= now) return at;
  throw new UserError("input/to", `${text} has not come yet.`, { seen: text, fix: "Give a time that has passed." });
}
