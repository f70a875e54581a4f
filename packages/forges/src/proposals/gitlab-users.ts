import { UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import { listOf, textOf } from "../json.ts";

interface Access {
  ask(method: "GET", path: string): Promise<ForgeResponse>;
  refuse(response: ForgeResponse): Error;
}

/** Users of a GitLab by their ids (https://docs.gitlab.com/api/users/). */
export function createGitlabUsers({ ask, refuse }: Access) {
  async function idOf(name: string): Promise<number> {
    const response = await ask("GET", `/users?${new URLSearchParams({ username: name })}`);
    const users = response.status === 200 ? listOf(response.json) : undefined;
    if (users === undefined) throw refuse(response);
    const id = users.find((user) => textOf(user.username)?.toLowerCase() === name.toLowerCase())?.id;
    if (typeof id === "number") return id;
    throw new UserError("proposal/unknown-user", `GitLab knows no user ${JSON.stringify(name)}.`, {
      seen: name,
      fix: "Correct it under 'propose' (reviewers, assignees). They are user names; GitLab asks no groups.",
    });
  }

  return {
    /** @throws UserError `proposal/unknown-user`, which names the first that is not there. */
    async idsOf(names: readonly string[]): Promise<number[]> {
      const ids: number[] = [];
      for (const name of names) ids.push(await idOf(name));
      return ids;
    },
  };
}
