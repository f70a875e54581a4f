import type { Decision, Result } from "../model/decision.ts";
import type { Timestamp } from "../model/names.ts";
import type { Told, Waiting } from "../ports/reconcile-memory.ts";
import type { ReconcileResult } from "./reconcile.ts";

/** What is worth saying again of a reconciliation that moved nothing, while nothing changes. */
export function toldBy({ result, decisions, passedOver, looked, next }: ReconcileResult, at: Timestamp): Told {
  const count = (word: Result) => decisions.filter((one) => one.result === word).length;
  // Behind a held artifact others may be listed as passed over: their places are counted already.
  const decided = new Set(decisions.map(({ intent }) => `${intent.app} ${intent.environment}`));
  const passed = new Set(
    passedOver.map(({ app, environment }) => `${app} ${environment}`).filter((one) => !decided.has(one)),
  );
  return {
    result,
    at,
    looked,
    counts: {
      held: count("held"),
      superseded: count("superseded"),
      unchanged: count("unchanged"),
      passedOver: passed.size,
    },
    waiting: decisions
      .filter((one) => one.result === "held")
      .map(waitingOf)
      .sort((a, b) => clearingOf(a) - clearingOf(b)),
    next,
  };
}

const waitingOf = ({ intent: { app, environment }, gates }: Decision): Waiting => ({
  app,
  environment,
  gates: gates.filter(({ met }) => !met).map(({ name, clearsAt }) => ({ name, clearsAt })),
});

/** When all of its gates have cleared by themselves, as far as they say so. */
const clearingOf = ({ gates }: Waiting): number =>
  Math.max(...gates.map(({ clearsAt }) => (clearsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(clearsAt))));
