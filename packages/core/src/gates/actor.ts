import { z } from "zod";
import { defineGate, met, sinceMade, unmet } from "./gate.ts";
import { checked } from "./option.ts";
import { isNamed, team, teamOf, user, whoMay } from "./people.ts";

const options = checked(
  z
    .strictObject({
      users: z.array(user).min(1, "must not be empty").describe("Users who may promote.").optional(),
      teams: z.array(team).min(1, "must not be empty").describe("Teams whose members may promote.").optional(),
      automation: z
        .boolean()
        .describe("Whether what a policy starts by itself may pass, whoever set it off. Default false.")
        .optional(),
    })
    .describe("Who may promote, such as { users: [ada], teams: [acme/releasers] }."),
  ({ users, teams }) =>
    users !== undefined || teams !== undefined
      ? undefined
      : {
          code: "config/value",
          message: "must have users or teams",
          fix: "Write { users: [ada] } or { teams: [acme/releasers] }.",
        },
);

/**
 * Who may promote: users, and members of teams as the forge says. Only a name that the forge vouches for counts. What a
 * policy starts is nobody's request, whoever set it off: it passes with `automation: true` alone. Teams are asked when
 * nothing else tells.
 */
export const actor = defineGate({
  name: "actor",
  neverOverridden: "It says who may ask at all, so that nobody passes it by asking",
  options,
  outcome: "held",
  observes: "outside",
  bindsRollbacks: true,
  needsNobody: ({ intent, actor: who }, wanted) =>
    intent.rollback?.afterFailure === true ||
    !intent.explicit ||
    !who.verified ||
    isNamed(who.name, wanted) ||
    wanted.teams === undefined,
  faultsIn: ({ automation }, { environment: { name, policy, auto } }) => {
    if (automation === true || (policy.length === 0 && auto === undefined)) return [];
    const message = `only people may promote, so what starts by itself in ${name} is held each time`;
    const fix = "Add automation: true, or remove what starts promotions there, if that is not meant.";
    return [{ level: "note", message, fix }];
  },
  /** The team the actor is in; undefined when there is none, or none needed. */
  observe: async ({ intent, actor: who }, _state, wanted, { outside, signal }): Promise<string | undefined> => {
    if (intent.rollback?.afterFailure === true) return undefined;
    if (!intent.explicit || !who.verified || isNamed(who.name, wanted)) return undefined;
    return teamOf(who.name, wanted, { outside, signal });
  },
  check: (foundIn, wanted, now, { intent, actor: who }) => {
    if (intent.rollback?.afterFailure === true) return met("undoes what failed, which on-failure asks for");
    if (!intent.explicit) {
      if (wanted.automation === true) return met("was started by itself, which may promote");
      return unmet("was started by itself, and only people may promote", {
        code: "actor/automation",
        since: sinceMade(intent.artifact, now),
        concerns: "place",
        clearedBy: `${whoMay(wanted)}, by asking for it`,
      });
    }
    if (!who.verified) {
      return unmet(`was asked for as ${who.name}, and no forge vouches for that name`, {
        code: "actor/unverified",
        clearedBy: `${whoMay(wanted)}, in a pipeline of the config repository`,
      });
    }
    if (isNamed(who.name, wanted)) return met(`was asked for by ${who.name}, who may`);
    if (foundIn !== undefined) return met(`was asked for by ${who.name} of ${foundIn}, which may`);
    return unmet(`was asked for by ${who.name}, who may not`, {
      code: "actor/not-allowed",
      clearedBy: whoMay(wanted),
    });
  },
});
