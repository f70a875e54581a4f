import { type GitlabAnswer, type GitlabCall, type Json, refusal } from "./answers.ts";
import { pageOf } from "./pages.ts";

/** A member of a group, as it is told: inherited ones and those of invited groups among them. */
export interface GitlabGroupMember {
  username: string;
  state: "active" | "blocked" | "awaiting";
  membership_state?: "active" | "awaiting";
  /** A day. */
  expires_at?: string | null;
}

/** Groups, by https://docs.gitlab.com/api/members/#list-all-members-of-a-group-including-inherited-and-invited-members. */
export class GitlabGroups {
  /** By path. */
  readonly all = new Map<string, readonly GitlabGroupMember[]>();

  /** Undefined for a call of something else. */
  answer({ route, query }: GitlabCall, path: string): GitlabAnswer | undefined {
    if (route !== "GET /groups/:path/members/all") return undefined;
    const members = this.all.get(path);
    if (members === undefined) return refusal(404, "404 Group Not Found");
    // It searches by a part of the name, the user name and the address.
    const wanted = (query.get("query") ?? "").toLowerCase();
    return pageOf(
      members.filter(({ username }) => username.toLowerCase().includes(wanted)),
      query,
      entity,
    );
  }
}

const entity = ({ username, state, membership_state = "active", expires_at = null }: GitlabGroupMember): Json => ({
  id: 1,
  username,
  name: username,
  state,
  membership_state,
  access_level: 30,
  expires_at,
});
