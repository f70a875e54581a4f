import { type Proposal, type ProposalPlace, type Proposals, type RefName, shortRef } from "@glu/core";
import { giteaIdentity } from "../actors/gitea-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import {
  assertCanBegin,
  encodePath,
  type ForgeResponse,
  field,
  messageOf,
  send,
  unlessItStands,
  webLink,
} from "../http.ts";
import { mappingOf, textOf, timeOf } from "../json.ts";
import { allEntries, pagesOf } from "../pages.ts";
import { fittingBody, fittingTitle, type TextLimits } from "./fitting-text.ts";
import { createGiteaAutoMerge } from "./gitea-auto-merge.ts";
import { refuseProposal } from "./refuse-proposal.ts";
import { partedReviewers } from "./reviewers.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

const effects = { GET: "reads", POST: "same", PATCH: "same", DELETE: "same" } as const;

/** Gitea cuts a longer title itself, and wherever it is; a text it takes as long as its database does. */
const limits: TextLimits = { title: 255, body: 1_048_576, count: (text) => [...text].length };

const titled = (title: string, draft: boolean): string => fittingTitle(draft ? `WIP: ${title}` : title, limits);

/**
 * Pull requests of Gitea and Forgejo (`/repos/{owner}/{repo}/pulls`). A draft is one whose title begins with `WIP:`.
 */
export function createGiteaProposals(asking: AskingWithToken): Proposals {
  const { token, repository } = asking;
  const headers = giteaHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const finishing = { ...asking, finishing: true };
  // There is no second pull request of the same branches: a repeated one is refused, and then looked for.
  const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) =>
    send({ method, path, headers, effect: effects[method], ...(body === undefined ? {} : { body }) }, finishing);
  const refuse = (response: ForgeResponse, invalid = "Check that the branch to merge into exists.") =>
    refuseProposal(response, {
      target: repository,
      token,
      permission:
        "It needs 'permissions: { contents: write, pull-requests: write }' in the job, or a token with the scopes " +
        "'write:repository', 'write:issue' and 'read:user' as GLU_TOKEN.",
      missing: `Check the name ${repository}, and that pull requests are enabled there.`,
      invalid,
    });

  const paging = { apiUrl: asking.apiUrl, perPage, mayGiveLess: true, refuse };
  const get = (path: string) => ask("GET", path);

  const identity = giteaIdentity(asking, refuse);

  /** Labels are named by their ids; those that are not there are made. */
  async function labelIds(names: readonly string[]): Promise<number[]> {
    if (names.length === 0) return [];
    const known = await knownLabels(get);
    const ids: number[] = [];
    for (const name of names) ids.push(known.get(name) ?? (await makeLabel(name)));
    return ids;
  }

  async function knownLabels(by: (path: string) => Promise<ForgeResponse>): Promise<Map<string, number>> {
    const known = new Map<string, number>();
    for (const { name, id } of await allEntries({ ...paging, path: `${base}/labels?limit=${perPage}`, get: by })) {
      if (typeof id === "number") known.set(textOf(name) ?? "", id);
    }
    return known;
  }

  /** There may be two labels of a name. */
  function makeLabel(name: string): Promise<number> {
    return unlessItStands(asking, async (once) => {
      const known = (await knownLabels((path) => once({ method: "GET", path, headers }))).get(name);
      if (known !== undefined) return known;
      const body = { name, color: "#0969da" };
      const response = await once({ method: "POST", path: `${base}/labels`, headers, body });
      const id = response.status === 201 ? mappingOf(response.json).id : undefined;
      if (typeof id !== "number") throw refuse(response, `Make the label ${name} in ${repository}.`);
      return id;
    });
  }

  /** Says it once, whatever became of an earlier try. */
  async function say(path: string, why: string): Promise<void> {
    const { login: me } = await identity();
    const isIt = (one: Json) => textOf(mappingOf(one.user).login) === me && textOf(one.body)?.trim() === why.trim();
    await unlessItStands(asking, async (once) => {
      const get = (at: string) => once({ method: "GET", path: at, headers });
      if ((await allEntries({ ...paging, path, get })).some(isIt)) return;
      const said = await once({ method: "POST", path, headers, body: { body: why } });
      if (said.status !== 201) throw refuse(said);
    });
  }

  async function of({ branch, base: into }: ProposalPlace, begun = false): Promise<Proposal[]> {
    const { login: me } = await identity();
    // Not by poster: of the job's token that is nobody who can be searched for.
    const which = { state: "all", sort: "recentupdate", base_branch: shortRef(into) };
    const found = await listed(which, (pull) => isOf(pull, { me, branch, into, repository }), begun);
    if (!begun) assertCanBegin({ path: base, headers }, asking);
    return found.map(({ proposal }) => proposal).sort((a, b) => b.number - a.number);
  }

  /** Neither server has to know the filters of the query. */
  async function listed(which: Readonly<Record<string, string>>, isMeant: (pull: Json) => boolean, begun = false) {
    const found: { pull: Json; proposal: Proposal }[] = [];
    const path = `${base}/pulls?${new URLSearchParams(which)}&limit=${perPage}`;
    const list = (at: string) => send({ method: "GET", path: at, headers }, { ...asking, finishing: begun });
    for await (const { entries, response } of pagesOf({ ...paging, path, get: list })) {
      for (const pull of entries.filter(isMeant)) found.push({ pull, proposal: understood(pull, response) });
    }
    return found;
  }

  function understood(pull: unknown, response: ForgeResponse): Proposal {
    const proposal = proposalOf(mappingOf(pull));
    if (proposal === undefined) throw refuse(response);
    return proposal;
  }

  return {
    of,

    async others({ branch, base: into }) {
      const { login: me } = await identity();
      const isOther = (pull: Json) =>
        isOfBranch(pull, branch, repository) && !isOf(pull, { me, branch, into, repository });
      const open = await listed({ state: "open" }, isOther);
      return open.map(({ pull, proposal: { number, url, body } }) => {
        const by = textOf(mappingOf(pull.user).login);
        return { number, url, body, base: intoOf(pull), own: by === me, by };
      });
    },

    async mergedByOthers({ branch, base: into }) {
      const { login: me } = await identity();
      const isOther = (pull: Json) =>
        isOfBranch(pull, branch, repository) && into === intoOf(pull) && textOf(mappingOf(pull.user).login) !== me;
      const closed = await listed({ state: "closed", sort: "recentupdate", base_branch: shortRef(into) }, isOther);
      return closed
        .filter(({ proposal }) => proposal.state === "merged")
        .map(({ proposal }) => ({ ...proposal, ref: `refs/pull/${proposal.number}/head` as RefName }))
        .sort((a, b) => b.number - a.number);
    },

    async open(place, { title, body }, settings) {
      const { branch, base: into } = place;
      const { users, teams } = partedReviewers(settings.reviewers);
      const response = await ask("POST", `${base}/pulls`, {
        head: shortRef(branch),
        base: shortRef(into),
        title: titled(title, settings.draft),
        body: fittingBody(body, limits),
        assignees: settings.assignees,
        labels: await labelIds(settings.labels),
        reviewers: users,
        team_reviewers: teams,
      });
      if (response.status === 201) return understood(response.json, response);
      // There is one already: a request whose answer was lost, or another run's.
      const open = response.status === 409 ? (await of(place, true)).find(({ state }) => state === "open") : undefined;
      if (open === undefined) {
        // Of a reviewer that is not there it says "not found" as of a repository.
        const isSomebody = response.status === 404 && /\b(?:user|team)\b.*not exist/i.test(messageOf(response, token));
        const refused = isSomebody ? { ...response, status: 422 } : response;
        throw refuse(refused, "Check the names of reviewers, assignees and labels in 'propose'.");
      }
      await this.update(open.number, { title, body });
      return open;
    },

    async update(number, { title, body }) {
      const known = await ask("GET", `${base}/pulls/${number}`);
      const before = known.status === 200 ? field(known.json, "title") : undefined;
      if (before === undefined) throw refuse(known);
      // The title says that it is a draft. Whether it is one is up to people once it is open.
      const draft = /^(?:WIP:|\[WIP\])/i.test(before);
      const response = await ask("PATCH", `${base}/pulls/${number}`, {
        title: titled(title, draft),
        body: fittingBody(body, limits),
      });
      if (response.status < 200 || response.status > 299) throw refuse(response);
    },

    async close(number, why, text) {
      // The list that it was found by may be behind what the run before did.
      const known = await ask("GET", `${base}/pulls/${number}`);
      const state = known.status === 200 ? field(known.json, "state") : undefined;
      if (state === undefined) throw refuse(known);
      if (state !== "open") return;
      await say(`${base}/issues/${number}/comments`, why);
      const body = text === undefined ? {} : { body: fittingBody(text, limits) };
      const response = await ask("PATCH", `${base}/pulls/${number}`, { state: "closed", ...body });
      if (response.status < 200 || response.status > 299) throw refuse(response);
    },

    setAutoMerge: createGiteaAutoMerge({
      ask,
      refuse,
      base,
      clock: asking.clock,
      token,
      notice: (text) => asking.notice?.(text),
      identity,
    }),
  };
}

type Json = Readonly<Record<string, unknown>>;

const isOf = (
  pull: Json,
  { me, branch, into, repository }: { me: string; branch: string; into: string; repository: string },
): boolean =>
  isOfBranch(pull, branch, repository) && into === intoOf(pull) && textOf(mappingOf(pull.user).login) === me;

function isOfBranch(pull: Json, branch: string, repository: string): boolean {
  const head = mappingOf(pull.head);
  // A branch of a fork may have any name.
  const isHere = textOf(mappingOf(head.repo).full_name)?.toLowerCase() === repository.toLowerCase();
  // When the branch is gone, the ref is `refs/pull/…/head`; the label keeps its name.
  const from = textOf(head.label) ?? textOf(head.ref);
  return isHere && from !== undefined && branch === `refs/heads/${from}`;
}

const intoOf = (pull: Json) => `refs/heads/${textOf(mappingOf(pull.base).ref)}` as RefName;

/** Undefined for what is no pull request. */
function proposalOf(pull: Json): Proposal | undefined {
  const isMerged = pull.merged === true;
  const url = webLink(textOf(pull.html_url));
  if (typeof pull.number !== "number" || url === undefined) return undefined;
  return {
    number: pull.number,
    url,
    state: isMerged ? "merged" : pull.state === "open" ? "open" : "closed",
    body: textOf(pull.body) ?? "",
    head: textOf(mappingOf(pull.head).sha),
    mergedAt: isMerged ? timeOf(pull.merged_at) : undefined,
  };
}
