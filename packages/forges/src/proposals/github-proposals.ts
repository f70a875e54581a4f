import {
  type Proposal,
  type ProposalPlace,
  type ProposalSettings,
  type Proposals,
  type RefName,
  shortRef,
  UserError,
} from "@glu/core";
import { githubIdentity } from "../actors/github-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { assertCanBegin, encodePath, type ForgeResponse, messageOf, send, unlessItStands } from "../http.ts";
import { listOf, mappingOf, textOf } from "../json.ts";
import { allEntries, pagesOf } from "../pages.ts";
import { fitting, fittingBody, type TextLimits } from "./fitting-text.ts";
import { createGithubAutoMerge } from "./github-auto-merge.ts";
import { authorOf, isOfBranch, isOfPlace, otherOf, proposalOf } from "./github-pulls.ts";
import { refuseOnGithub, withReasons } from "./github-refusals.ts";
import { partedReviewers } from "./reviewers.ts";

/** What GitHub gives at most. */
const perPage = 100;

const effects = { GET: "reads", POST: "same", PATCH: "same" } as const;

/** What GitHub takes at most. It does not say what it counts; no character has more units of UTF-16 than it can count. */
const limits: TextLimits = { title: 256, body: 65_536, count: (text) => text.length };

/**
 * Pull requests of GitHub (https://docs.github.com/en/rest/pulls/pulls). Labels, assignees and reviewers are calls of
 * their own after the pull request is there. Until they are done its body has no comments, and so none that marks it as
 * finished: a run that was broken off between them is completed by the next one, which opens it again.
 */
export function createGithubProposals(asking: AskingWithToken): Proposals {
  const { token, repository } = asking;
  const headers = githubHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const finishing = { ...asking, finishing: true };
  const ask = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
    // What is there already GitHub adds no second time: a pull request of the same branches, a label, a person.
    send(
      { method, path: `${base}${path}`, headers, effect: effects[method], ...(body === undefined ? {} : { body }) },
      finishing,
    );
  const refuse = (response: ForgeResponse, invalid = "Check the branches, and that the pull request is still there.") =>
    refuseOnGithub(response, { repository, token, invalid });

  const paging = { apiUrl: asking.apiUrl, perPage, refuse };

  const whoami = githubIdentity(asking, refuse);

  /** All of a place, whoever opened them. */
  async function allOf(
    place: ProposalPlace,
    by: AskingWithToken = finishing,
  ): Promise<{ author: string | undefined; proposal: Proposal }[]> {
    const pulls = await listed(place.branch, { state: "all", base: shortRef(place.base) }, by);
    return pulls
      .filter(({ pull }) => isOfPlace(pull, place, repository))
      .map(({ pull, proposal }) => ({ author: authorOf(pull), proposal }));
  }

  /** Those of a branch, newest first. */
  async function listed(branch: RefName, which: Readonly<Record<string, string>>, by: AskingWithToken = asking) {
    const query = new URLSearchParams({
      ...which,
      head: `${repository.split("/")[0]}:${shortRef(branch)}`,
      sort: "created",
      direction: "desc",
      per_page: String(perPage),
    });
    const found: { pull: Readonly<Record<string, unknown>>; proposal: Proposal }[] = [];
    const get = (path: string) => send({ method: "GET", path, headers, remember: true }, by);
    for await (const { entries, response } of pagesOf({ ...paging, path: `${base}/pulls?${query}`, get })) {
      // A filter that GitHub does not understand is no filter.
      for (const pull of entries.filter((one) => isOfBranch(one, branch, repository))) {
        found.push({ pull, proposal: understood(pull, response) });
      }
    }
    return found.sort((a, b) => b.proposal.number - a.proposal.number);
  }

  function understood(pull: unknown, response: ForgeResponse): Proposal {
    const proposal = proposalOf(pull);
    if (proposal === undefined) throw refuse(response);
    return proposal;
  }

  async function change(number: number, content: Readonly<Record<string, string>>): Promise<Proposal> {
    const response = await ask("PATCH", `/pulls/${number}`, content);
    if (response.status !== 200) throw refuse(response);
    return understood(response.json, response);
  }

  /** The open one that is in the way of another: a request whose answer was lost, or another run's. */
  async function openOne(place: ProposalPlace, refused: ForgeResponse): Promise<Proposal> {
    const me = await whoami();
    const open = (await allOf(place)).filter(({ proposal }) => proposal.state === "open");
    const mine = open.find(({ author }) => author === me);
    if (mine !== undefined) return mine.proposal;
    const [other] = open;
    const fix =
      other === undefined
        ? "GitHub does not list it yet: run the job again."
        : `Somebody else opened ${other.proposal.url} from the branch of the proposal: merge or close it.`;
    throw refuse(refused, fix);
  }

  /** What is a call of its own. Each may be repeated. */
  async function dress(number: number, { labels, assignees, reviewers }: ProposalSettings): Promise<void> {
    if (labels.length > 0) {
      // Those that are not there are made by GitHub.
      const response = await ask("POST", `/issues/${number}/labels`, { labels });
      const carried = response.status === 200 ? namesOf(response.json, "name") : undefined;
      if (!has(carried, labels)) throw refuse(response, "Check the names of the labels in 'propose'.");
    }
    if (assignees.length > 0) {
      const response = await ask("POST", `/issues/${number}/assignees`, { assignees });
      if (response.status !== 201) throw refuse(response, "Check the names of the assignees in 'propose'.");
      checkAssigned(assignees, response);
    }
    if (reviewers.length > 0) {
      const { users, teams } = partedReviewers(reviewers);
      const body = { reviewers: users, team_reviewers: teams };
      const response = await ask("POST", `/pulls/${number}/requested_reviewers`, body);
      if (response.status !== 201) throw refuse(response, "Check the names of the reviewers in 'propose'.");
    }
  }

  /** Whom GitHub cannot assign it leaves out, and says nothing. */
  function checkAssigned(wanted: readonly string[], response: ForgeResponse): void {
    const assigned = namesOf(mappingOf(response.json).assignees, "login");
    if (assigned === undefined) throw refuse(response);
    const missing = wanted.filter((name) => !has(assigned, [name]));
    if (missing.length === 0) return;
    throw new UserError("proposal/invalid", `${repository} has nobody called ${missing.join(", ")} to assign.`, {
      seen: missing,
      fix: "Check 'assignees' in 'propose': they need access to the repository, and there are at most ten of them.",
    });
  }

  /** Says it once, whatever became of an earlier try. */
  async function say(path: string, why: string): Promise<void> {
    const me = await whoami();
    const isIt = (one: Readonly<Record<string, unknown>>) =>
      authorOf(one) === me && textOf(one.body)?.trim() === why.trim();
    await unlessItStands(asking, async (once) => {
      const get = (at: string) => once({ method: "GET", path: at, headers });
      if ((await allEntries({ ...paging, path: `${path}?per_page=${perPage}`, get })).some(isIt)) return;
      const said = await once({ method: "POST", path, headers, body: { body: why } });
      if (said.status !== 201) throw refuse(said);
    });
  }

  return {
    async of(place, begun = false) {
      const me = await whoami();
      const all = await allOf(place, { ...asking, finishing: begun });
      if (!begun) assertCanBegin({ path: base, headers }, asking);
      return all.filter(({ author }) => author === me).map(({ proposal }) => proposal);
    },

    async others(place) {
      const me = await whoami();
      const open = await listed(place.branch, { state: "open" });
      return open
        .filter(({ pull }) => !isOfPlace(pull, place, repository) || authorOf(pull) !== me)
        .map(({ pull, proposal }) => otherOf(pull, proposal, me));
    },

    async mergedByOthers(place) {
      const me = await whoami();
      const closed = await listed(place.branch, { state: "closed", base: shortRef(place.base) });
      return closed
        .filter(({ pull }) => isOfPlace(pull, place, repository) && authorOf(pull) !== me)
        .filter(({ proposal }) => proposal.state === "merged")
        .map(({ proposal }) => ({ ...proposal, ref: `refs/pull/${proposal.number}/head` as RefName }));
    },

    async open(place, whole, settings) {
      const text = fitting(whole, limits);
      const me = await whoami();
      if (settings.reviewers.some((name) => name.toLowerCase() === me.toLowerCase())) {
        throw new UserError("proposal/invalid", `${me} opens the pull request and so cannot review it.`, {
          seen: settings.reviewers,
          fix: `Take ${me} out of 'reviewers', or let the job's own token or an App open it.`,
        });
      }
      const { labels, assignees, reviewers } = settings;
      const isPlain = labels.length + assignees.length + reviewers.length === 0;
      const response = await ask("POST", "/pulls", {
        head: shortRef(place.branch),
        base: shortRef(place.base),
        title: text.title,
        body: isPlain ? text.body : withoutComments(text.body),
        draft: settings.draft,
      });
      if (response.status === 201 && isPlain) return understood(response.json, response);
      if (response.status !== 201 && !isThere(response, token)) throw refuse(response);
      const { number } = response.status === 201 ? understood(response.json, response) : await openOne(place, response);
      await dress(number, settings);
      return change(number, { ...text });
    },

    async update(number, text) {
      await change(number, { ...fitting(text, limits) });
    },

    async close(number, why, body) {
      // The list that it was found by may be behind what the run before did.
      const known = await ask("GET", `/pulls/${number}`);
      if (known.status !== 200) throw refuse(known);
      if (understood(known.json, known).state !== "open") return;
      await say(`${base}/issues/${number}/comments`, why);
      const text = body === undefined ? {} : { body: fittingBody(body, limits) };
      await change(number, { state: "closed", ...text });
    },

    setAutoMerge: createGithubAutoMerge(finishing, refuse),
  };
}

function isThere(response: ForgeResponse, token: string): boolean {
  return response.status === 422 && /pull request already exists/i.test(messageOf(withReasons(response), token));
}

/** Names in a list, in small letters: GitHub takes none for another that differs in these only. */
function namesOf(list: unknown, key: string): readonly string[] | undefined {
  return listOf(list)?.map((one) => textOf(one[key])?.toLowerCase() ?? "");
}

const has = (names: readonly string[] | undefined, wanted: readonly string[]): boolean =>
  names !== undefined && wanted.every((name) => names.includes(name.toLowerCase()));

/** People read the plan, and get it by mail, while it is not finished yet. */
const withoutComments = (body: string): string => body.replace(/<!--.*?-->/gs, "").trimEnd();
