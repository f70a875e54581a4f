import { OutsideError } from "@glu/core";

/** `org/team`, as GitHub and Gitea have them. @throws OutsideError `team/name` */
export function orgTeam(text: string): { org: string; team: string } {
  const [org, team, ...more] = text.split("/");
  if (org && team && more.length === 0) return { org, team };
  throw new OutsideError("team/name", `${JSON.stringify(text)} is not a team.`, {
    seen: text,
    fix: "Write the organisation and the team: acme/release-managers.",
  });
}
