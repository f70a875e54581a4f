import { z } from "zod";
import type { Look } from "./gate.ts";

/** Users and teams of a forge, as gates name them. */
export interface People {
  users?: readonly string[] | undefined;
  teams?: readonly string[] | undefined;
}

export const user = z
  .string()
  .regex(/^[^\s/@]+$/, "must be a user's name on the forge, without @")
  .describe("A user's name on the forge, such as ada.");
export const team = z
  .string()
  .regex(/^[^\s/@]+(?:\/[^\s/@]+)*$/, "must be a team such as acme/releasers, without @")
  .describe("A team as org/team, such as acme/releasers; on GitLab the path of a group.");

/** Forges fold the case of names. */
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const isNamed = (name: string, { users = [] }: People): boolean => users.some((one) => same(one, name));

/**
 * The first of the teams that a user is in, as the forge says; undefined when there is none. One team that has the user
 * is enough, whatever the others would have said.
 * @throws OutsideError `team/…`
 */
export async function teamOf(
  name: string,
  { teams = [] }: People,
  { outside, signal }: Pick<Look, "outside" | "signal">,
): Promise<string | undefined> {
  const answers = await Promise.allSettled(teams.map((one) => outside.actors.isIn(one, name, signal)));
  const found = teams.find((_, index) => (answers[index] as PromiseFulfilledResult<boolean>).value === true);
  if (found !== undefined) return found;
  for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
  return undefined;
}

/** Whether a user is named, or in a team. */
export async function isIn(name: string, people: People, look: Pick<Look, "outside" | "signal">): Promise<boolean> {
  return isNamed(name, people) || (await teamOf(name, people, look)) !== undefined;
}

export function whoMay({ users = [], teams = [] }: People): string {
  return [...users, ...teams.map((one) => `a member of ${one}`)].join(" or ");
}
