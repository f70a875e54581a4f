import { type GithubAnswer, noPermission, notFound, ok } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubIdentity } from "./state.ts";

const team = "GET /orgs/{org}/teams/{team_slug}";
const membership = `${team}/memberships/{username}`;

/** Teams of organisations; who does not see them is told that they are not there, the built-in token that it may not. */
export class GithubTeams {
  /** Members by `org/slug`, and whether they have accepted. */
  readonly all = new Map<string, ReadonlyMap<string, "active" | "pending">>();

  static readonly modelled: readonly string[] = [team, membership];

  /** The answer to a call that is about teams; undefined for any other. */
  answer(
    name: string,
    { org, team_slug: slug = "", username = "" }: Readonly<Record<string, string>>,
    identity: GithubIdentity,
  ): GithubAnswer | undefined {
    if (!GithubTeams.modelled.includes(name)) return undefined;
    if (!identity.seesTeams) return noPermission;
    const members = this.all.get(`${org}/${slug}`.toLowerCase());
    if (members === undefined || identity.access === "none") return notFound;
    if (name === team) return ok(teamJson(slug));
    const state = members.get(username.toLowerCase());
    if (state === undefined) return notFound;
    const url = `https://api.github.com/teams/1/memberships/${username}`;
    return ok({ url, role: "member", state });
  }
}

/** The example lacks what the description wants. */
function teamJson(slug: string): Json {
  const example = GithubOpenapi.get().example("team-full");
  const organization = { ...(example.organization as Json), archived_at: null };
  return { ...example, slug, name: slug, type: "organization", organization };
}
