import { type Proposal, type ProposalPlace, type Proposals, type RefName, shortRef, UserError } from "@glu/core";
import { gitlabIdentity } from "../actors/gitlab-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { assertCanBegin, type ForgeResponse, send, unlessItStands } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { allEntries, pagesOf } from "../pages.ts";
import { createGitlabAutoMerge } from "./gitlab-auto-merge.ts";
import { described, isDraft, isInto, isOf, isOfBranch, otherOf, proposalOf, titled } from "./gitlab-merge-request.ts";
import { createGitlabUsers } from "./gitlab-users.ts";
import { refuseProposal } from "./refuse-proposal.ts";

type Json = Readonly<Record<string, unknown>>;

/** What GitLab gives at most. */
const perPage = 100;

const effects = { GET: "reads", POST: "same", PUT: "same" } as const;

/**
 * Merge requests of a GitLab project (https://docs.gitlab.com/api/merge_requests/). By an access token: those of
 * projects and groups are a bot user's, and so what they open has an author as any other.
 * @throws UserError `proposal/job-token` for a token that no merge request can be opened with.
 */
export function createGitlabProposals(asking: AskingWithToken): Proposals {
  const { token, repository, clock } = asking;
  const accessToken =
    `a project access token of ${repository} with the role Developer and the scopes 'api' and 'write_repository', ` +
    "as GLU_TOKEN";
  if (isJobToken(token)) {
    throw new UserError("proposal/job-token", "GitLab lets no job token open merge requests.", {
      fix: `Give ${accessToken}.`,
    });
  }
  const headers = gitlabHeaders(token);
  const finishing = { ...asking, finishing: true };
  const base = `/projects/${encodeURIComponent(repository)}`;
  // There is no second open merge request of the same branches: a repeated one is refused, and then looked for.
  const ask = (method: "GET" | "POST" | "PUT", path: string, body?: unknown) =>
    send({ method, path, headers, effect: effects[method], ...(body === undefined ? {} : { body }) }, finishing);
  const refuse = (response: ForgeResponse, invalid = "Check that the branch to merge into exists.") =>
    refuseProposal(response, {
      target: repository,
      token,
      permission: `It needs ${accessToken}. A job token cannot open merge requests.`,
      missing: `Check the path ${repository}, and that merge requests are enabled there.`,
      invalid,
    });
  const users = createGitlabUsers({ ask, refuse });
  const whoami = gitlabIdentity(asking, refuse);
  const paging = { apiUrl: asking.apiUrl, perPage, refuse };

  async function of({ branch, base: into }: ProposalPlace, begun = false): Promise<Proposal[]> {
    const { id: me } = await whoami();
    const which = { state: "all", author_id: String(me), target_branch: shortRef(into) };
    const mine = (request: Json) => isOf(request, { me, branch, into });
    const found = await listed(branch, which, mine, begun);
    if (!begun) assertCanBegin({ path: base, headers }, asking);
    return found.map(({ proposal }) => proposal).sort((a, b) => b.number - a.number);
  }

  async function listed(
    branch: RefName,
    which: Readonly<Record<string, string>>,
    isMeant: (request: Json) => boolean,
    begun = false,
  ) {
    const found: { request: Json; proposal: Proposal }[] = [];
    const query = new URLSearchParams({
      ...which,
      scope: "all",
      source_branch: shortRef(branch),
      order_by: "created_at",
      sort: "desc",
      per_page: String(perPage),
    });
    const get = (path: string) =>
      send({ method: "GET", path, headers, remember: true }, { ...asking, finishing: begun });
    for await (const { entries, response } of pagesOf({ ...paging, path: `${base}/merge_requests?${query}`, get })) {
      for (const request of entries.filter(isMeant)) {
        const proposal = proposalOf(request);
        if (proposal === undefined) throw refuse(response);
        found.push({ request, proposal });
      }
    }
    return found;
  }

  /** Says it once: what is asked again after an answer that got lost looks first whether it was heard. */
  async function say(path: string, why: string): Promise<void> {
    const body = described(why);
    const { id: me } = await whoami();
    await unlessItStands(asking, async (once) => {
      const get = (at: string) => once({ method: "GET", path: at, headers });
      const first = `${path}?order_by=created_at&sort=desc&per_page=${perPage}`;
      const notes = await allEntries({ ...paging, path: first, get });
      if (notes.some((note) => mappingOf(note.author).id === me && note.body === body.trimEnd())) return;
      const said = await once({ method: "POST", path, headers, body: { body } });
      if (said.status !== 201) throw refuse(said);
    });
  }

  return {
    of,

    async others({ branch, base: into }) {
      const { id: me } = await whoami();
      const isOther = (request: Json) => isOfBranch(request, branch) && !isOf(request, { me, branch, into });
      const open = await listed(branch, { state: "opened" }, isOther);
      return open.map(({ request, proposal }) => otherOf(request, proposal, me));
    },

    async mergedByOthers({ branch, base: into }) {
      const { id: me } = await whoami();
      const isOther = (request: Json) => isInto(request, { branch, into }) && !isOf(request, { me, branch, into });
      const merged = await listed(branch, { state: "merged", target_branch: shortRef(into) }, isOther);
      return merged
        .map(({ proposal }) => ({ ...proposal, ref: `refs/merge-requests/${proposal.number}/head` as RefName }))
        .sort((a, b) => b.number - a.number);
    },

    async open(place, { title, body }, settings) {
      const { branch, base: into } = place;
      const response = await ask("POST", `${base}/merge_requests`, {
        source_branch: shortRef(branch),
        target_branch: shortRef(into),
        title: titled(title, settings.draft),
        description: described(body),
        labels: settings.labels.join(","),
        reviewer_ids: await users.idsOf(settings.reviewers),
        assignee_ids: await users.idsOf(settings.assignees),
        remove_source_branch: true,
      });
      const opened = response.status === 201 ? proposalOf(mappingOf(response.json)) : undefined;
      if (opened !== undefined) return opened;
      // There is one already, or the answer cannot be read: of a request that was sent twice, or of another run.
      const looks = response.status === 201 || response.status === 409;
      const open = looks ? (await of(place, true)).find(({ state }) => state === "open") : undefined;
      if (open !== undefined) {
        await this.update(open.number, { title, body });
        return open;
      }
      throw refuse(
        response,
        response.status === 409
          ? "Somebody else has an open merge request of this branch: close it, and run the job again."
          : `Check that ${shortRef(branch)} and ${shortRef(into)} exist, and the labels.`,
      );
    },

    async update(number, { title, body }) {
      const path = `${base}/merge_requests/${number}`;
      const known = await ask("GET", path);
      const draft = known.status === 200 ? isDraft(mappingOf(known.json)) : undefined;
      if (draft === undefined) throw refuse(known);
      const response = await ask("PUT", path, {
        // What begins with "Draft:" is a draft. Whether it is one is up to people once it is open.
        title: titled(title, draft),
        description: described(body),
      });
      if (response.status !== 200) throw refuse(response);
    },

    async close(number, why, text) {
      const path = `${base}/merge_requests/${number}`;
      // The list that it was found by may be behind what the run before did.
      const known = await ask("GET", path);
      const state = textOf(mappingOf(known.json).state);
      if (known.status !== 200 || state === undefined) throw refuse(known);
      if (state !== "opened") return;
      await say(`${path}/notes`, why);
      const response = await ask("PUT", path, {
        state_event: "close",
        ...(text === undefined ? {} : { description: described(text) }),
      });
      if (response.status !== 200) throw refuse(response);
    },

    setAutoMerge: createGitlabAutoMerge({
      ask,
      refuse,
      pathOf: (number) => `${base}/merge_requests/${number}`,
      clock,
      token,
      notice: (text) => asking.notice?.(text),
    }),
  };
}
