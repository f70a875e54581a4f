import { type Comments, type MergedPull, UserError } from "@glu/core";
import { gitlabIdentity } from "../actors/gitlab-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { type ForgeResponse, type SendOnce, unlessItStands } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { allEntries } from "../pages.ts";
import { withoutQuickActions } from "../proposals/gitlab-merge-request.ts";
import { notTold } from "../telling/not-told.ts";
import { type Said, stick, type Writing } from "./sticky.ts";

type Json = Readonly<Record<string, unknown>>;

const perPage = 100;

/**
 * Comments on merge requests of GitLab (https://docs.gitlab.com/api/notes/#merge-requests).
 * @throws UserError `comment/job-token` for a token that nobody can comment with.
 */
export function createGitlabComments(asking: AskingWithToken): Comments {
  const { token, repository } = asking;
  const accessToken = `a project access token of ${repository} with the role Reporter and the scope 'api', as GLU_TOKEN`;
  if (isJobToken(token)) {
    throw new UserError("comment/job-token", "GitLab lets no job token comment on merge requests.", {
      fix: `Give ${accessToken}.`,
    });
  }
  const headers = gitlabHeaders(token);
  const base = `/projects/${encodeURIComponent(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("comment", response, {
      target: repository,
      token,
      permission: `It needs ${accessToken}.`,
      missing: `Check the path ${repository}, and that the commit is there.`,
      invalid: "Check that the conversation is not locked.",
    });

  async function get<T>(ask: SendOnce, path: string, read: (json: unknown) => T | undefined): Promise<T> {
    const response = await ask({ method: "GET", path, headers });
    const found = response.status === 200 ? read(response.json) : undefined;
    if (found === undefined) throw refuse(response);
    return found;
  }

  const whoami = gitlabIdentity(asking, refuse);

  async function notesOf(ask: SendOnce, pull: number): Promise<Said[]> {
    const query = new URLSearchParams({ order_by: "created_at", sort: "asc", per_page: String(perPage) });
    const all = await allEntries({
      apiUrl: asking.apiUrl,
      path: `${base}/merge_requests/${pull}/notes?${query}`,
      perPage,
      get: (path) => ask({ method: "GET", path, headers }),
      refuse,
    });
    return all.map(saidOf);
  }

  function writing(ask: SendOnce, path: string): Writing {
    const page = async ({ id }: Pick<Said, "id">): Promise<string | undefined> => {
      const itself = await get(ask, path, (json) => textOf(mappingOf(json).web_url));
      return `${itself}#note_${id}`;
    };
    const pageIn = (response: ForgeResponse, done: number) => {
      const { id } = mappingOf(response.json);
      if (response.status !== done || typeof id !== "number") throw refuse(response);
      return page({ id });
    };
    return {
      post: async (body) => pageIn(await ask({ method: "POST", path: `${path}/notes`, headers, body: { body } }), 201),
      change: async (id, body) =>
        pageIn(await ask({ method: "PUT", path: `${path}/notes/${id}`, headers, body: { body } }), 200),
      remove: async (id) => {
        const response = await ask({ method: "DELETE", path: `${path}/notes/${id}`, headers });
        if (response.status !== 204 && response.status !== 404) throw refuse(response);
      },
      page,
    };
  }

  return {
    pullsOf: (commit) =>
      unlessItStands(asking, async (ask) => {
        const found = await get(ask, `${base}/repository/commits/${commit}/merge_requests?per_page=${perPage}`, listOf);
        return found.flatMap(mergedPull);
      }),

    between: (from, to) =>
      unlessItStands(asking, (ask) =>
        get(ask, `${base}/repository/compare?${new URLSearchParams({ from, to })}`, (json) => {
          const commits = listOf(mappingOf(json).commits)?.flatMap(({ id }) => textOf(id) ?? []);
          // It gives all there are.
          return commits && { commits: commits.slice(-perPage), total: commits.length };
        }),
      ),

    async write(pull, key, textFor) {
      const { id: me } = await whoami();
      const path = `${base}/merge_requests/${pull}`;
      return unlessItStands(asking, async (ask) => {
        const text = (said: readonly string[]) => {
          const told = textFor(said);
          return told === undefined ? undefined : withoutQuickActions(told);
        };
        return stick({ key, me, all: await notesOf(ask, pull) }, text, writing(ask, path));
      });
    },
  };
}

const saidOf = (note: Json): Said => {
  const { id } = mappingOf(note.author);
  return {
    id: Number(note.id),
    author: typeof id === "number" ? id : undefined,
    body: textOf(note.body) ?? "",
    url: undefined,
  };
};

/** One of this project; a commit of a fork may be in others, too. */
function mergedPull({ iid, state, merged_at, project_id, target_project_id: into }: Json): MergedPull[] {
  const mergedAt = timeOf(merged_at);
  const isHere = into === undefined || into === project_id;
  return state === "merged" && isHere && mergedAt !== undefined && typeof iid === "number"
    ? [{ number: iid, mergedAt }]
    : [];
}
