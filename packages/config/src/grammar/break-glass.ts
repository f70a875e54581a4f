import { type AnyGate, faultInOverride, standingGates, teamName as team, userName as user } from "@glu/core";
import { z } from "zod";
import { environmentReference } from "./names.ts";
import { examples, issue, oneOrMany } from "./text.ts";

/** `break-glass`: who may override which gates, at the top for all environments, or of one. */
export function breakGlass(configurable: readonly AnyGate[]) {
  const gates = [...standingGates, ...configurable];
  const gate = z
    .string()
    .describe("A gate's name, such as freeze.")
    .meta({ enum: gates.filter(({ neverOverridden }) => neverOverridden === undefined).map(({ name }) => name) })
    .check((context) => {
      const fault = faultInOverride([context.value], gates);
      if (fault === undefined) return;
      const { message, fix } = fault;
      context.issues.push({ ...issue(message, { code: "config/break-glass", fix }), input: context.value });
    });
  const what = {
    gates: oneOrMany(gate, "The gates that may be overridden, such as [freeze, soak].", "[freeze, soak]"),
    users: z.array(user).min(1, "must not be empty").describe("Users who may override them.").optional(),
    teams: z.array(team).min(1, "must not be empty").describe("Teams whose members may override them.").optional(),
  };
  const somebody = {
    error: "must have users or teams",
    params: { code: "config/break-glass", fix: "Write { gates: [freeze], users: [ada] }." },
  };
  const hasSomebody = ({ users, teams }: { users?: unknown; teams?: unknown }) =>
    users !== undefined || teams !== undefined;
  const own = z.strictObject(what).refine(hasSomebody, somebody);
  const anywhere = z
    .strictObject({
      environments: oneOrMany(
        environmentReference,
        "The environments it is about. Without it all that have no break-glass of their own.",
        "production",
      ).optional(),
      ...what,
    })
    .refine(hasSomebody, somebody);
  const example = { example: "{ gates: [freeze, soak], teams: [acme/on-call] }" };
  return {
    /** Of one environment: nothing of the top counts there then. */
    own: z
      .union([own, z.array(own)])
      .describe("Who may override which gates there, with a reason. In place of what the top says.")
      .register(examples, example)
      .transform((value) => (Array.isArray(value) ? value : [value])),
    anywhere: z
      .union([anywhere, z.array(anywhere)])
      .describe("Who may override which gates, with a reason. Without it nobody may.")
      .register(examples, example)
      .transform((value) => (Array.isArray(value) ? value : [value])),
  };
}
