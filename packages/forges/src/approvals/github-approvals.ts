import type { Approvals, Authors, ReviewVerdict } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, send, webLink } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { noRun } from "./no-run.ts";
import { fewOf, lastOf, named, type Review } from "./reviews.ts";

const perPage = 100;

/** GitHub lists no more commits of a pull request. */
const mostCommits = 250;

const elsewhere =
  "The built-in GITHUB_TOKEN reaches its own repository only: for another one give a token of an App that may read it.";

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reviews of pull requests, and approvals of a run's environments
 * (https://docs.github.com/en/rest/pulls/reviews, https://docs.github.com/en/rest/actions/workflow-runs). A review that
 * was dismissed is none.
 */
export function createGithubApprovals(asking: AskingWithToken, own: OwnRun): Approvals {
  const { token } = asking;
  const headers = githubHeaders(token);
  const repo = (name: string) => `/repos/${encodePath(name)}`;
  const get = (path: string, signal: AbortSignal) => send({ method: "GET", path, headers, signal }, asking);
  const refusing =
    (target: string, permissions: string, also = elsewhere) =>
    (response: ForgeResponse) =>
      notAnswered("approval", response, {
        target,
        token,
        permission: `It needs 'permissions: { ${permissions} }' in the job. ${also}`.trimEnd(),
        missing: "Check that the repository is named rightly, and that this is there.",
        invalid: "Check that the artifact's source commit is in that repository.",
      });
  const list = (path: string, what: string, permissions: string, signal: AbortSignal) =>
    allEntries({
      apiUrl: asking.apiUrl,
      path: `${path}?per_page=${perPage}`,
      perPage,
      get: (at) => get(at, signal),
      refuse: refusing(what, permissions),
    });

  async function reviewsOf(
    repository: string,
    number: number,
    head: string,
    signal: AbortSignal,
  ): Promise<ReviewVerdict[]> {
    const path = `${repo(repository)}/pulls/${number}/reviews`;
    const reviews = await list(path, `reviews of ${repository}#${number}`, "pull-requests: read", signal);
    return lastOf(reviews.flatMap((one) => reviewOf(one, head)));
  }

  /** The merged pull requests that a commit came by. */
  async function merged(repository: string, commit: string, signal: AbortSignal): Promise<readonly Entry[]> {
    const what = `pull requests of ${commit.slice(0, 7)} in ${repository}`;
    const pulls = await list(`${repo(repository)}/commits/${commit}/pulls`, what, "pull-requests: read", signal);
    return fewOf(
      pulls.filter(({ merged_at: at }) => typeof at === "string"),
      what,
    );
  }

  return {
    async ofProposal({ repository, number, head }, signal) {
      return { verdicts: await reviewsOf(repository, number, head, signal), url: undefined };
    },

    async ofSource({ repository, commit }, signal) {
      const pulls = await merged(repository, commit, signal);
      if (pulls.length === 0) return undefined;
      const all = pulls.map(({ number, head }) =>
        reviewsOf(repository, Number(number), textOf(mappingOf(head).sha) ?? "", signal),
      );
      return { verdicts: (await Promise.all(all)).flat(), url: webLink(textOf(pulls[0]?.html_url)) };
    },

    async ofRun(environment, signal) {
      if (own.run === undefined) throw noRun("This is no run of GitHub Actions.", "Promote in a workflow.");
      const at = `${repo(asking.repository)}/actions/runs/${own.run}`;
      const refuse = refusing(`the run ${own.run}`, "actions: read", "");
      const [run, listed] = await Promise.all([
        get(at, signal),
        // All of them come at once.
        get(`${at}/approvals`, signal),
      ]);
      const approvals = listed.status === 200 ? listOf(listed.json) : undefined;
      if (approvals === undefined) throw refuse(listed);
      const { actor, triggering_actor: again, created_at: created, html_url: page } = mappingOf(run.json);
      const startedAt = timeOf(created);
      const startedBy = named([loginOf(actor), loginOf(again)]);
      if (run.status !== 200 || startedAt === undefined || startedBy.length === 0) throw refuse(run);
      return {
        verdicts: lastOf(approvals.flatMap((one) => letBegin(one, environment))),
        url: webLink(textOf(page)),
        startedBy,
        startedAt,
        id: own.run,
      };
    },

    async authors({ repository, commit }, signal): Promise<Authors> {
      const [pulls, itself] = await Promise.all([
        merged(repository, commit, signal),
        get(`${repo(repository)}/commits/${commit}`, signal),
      ]);
      if (itself.status !== 200 || mappingOf(itself.json).sha !== commit)
        throw refusing(`${repository} at ${commit.slice(0, 7)}`, "contents: read")(itself);
      const written = mappingOf(itself.json);
      const short = commit.slice(0, 7);
      if (pulls.length === 0) {
        const { verified } = mappingOf(mappingOf(written.commit).verification);
        const unknown =
          verified !== true
            ? `${short} came by no merged pull request, and is not signed`
            : loginOf(written.author) === undefined
              ? `GitHub does not know who wrote ${short}`
              : undefined;
        return { people: named([loginOf(written.author), loginOf(written.committer)]), unknown };
      }
      const commits = await Promise.all(
        pulls.map(({ number }) => {
          const what = `commits of ${repository}#${number}`;
          return list(`${repo(repository)}/pulls/${number}/commits`, what, "pull-requests: read", signal);
        }),
      );
      const all = [...(isByGithub(written) ? [] : [written]), ...commits.flat()];
      const stranger = all.find(({ author }) => loginOf(author) === undefined);
      const isCut = commits.some(({ length }) => length >= mostCommits);
      const opened = pulls.map(({ user }) => loginOf(user));
      const unknown =
        stranger !== undefined
          ? `GitHub does not know who wrote ${String(stranger.sha).slice(0, 7)}`
          : opened.includes(undefined)
            ? `GitHub does not know who opened the pull request of ${short}`
            : isCut
              ? `the pull request of ${short} has more commits than GitHub lists`
              : undefined;
      const wrote = all.flatMap(({ author, committer }) => [loginOf(author), loginOf(committer)]);
      return { people: named([...opened, ...wrote]), unknown };
    },
  };
}

const loginOf = (user: unknown): string | undefined => {
  const login = textOf(mappingOf(user).login);
  return login === "" ? undefined : login;
};

/**
 * Whether GitHub itself made a commit when it merged: then its author is who pressed the button. One that was merged
 * elsewhere and pushed can hold anything.
 */
function isByGithub({ committer, commit }: Entry): boolean {
  const { verified } = mappingOf(mappingOf(commit).verification);
  return loginOf(committer) === "web-flow" && verified === true;
}

/** A comment says nothing, and takes nothing back. */
function reviewOf({ state, user, commit_id: commit }: Entry, head: string): Review[] {
  const current = commit === head;
  const by = loginOf(user);
  if (state === "APPROVED") return [{ by, said: "approved", current }];
  if (state === "CHANGES_REQUESTED") return [{ by, said: "rejected", current }];
  return state === "DISMISSED" ? [{ by, said: undefined, current }] : [];
}

/** The run has begun, so that nobody has rejected it in this attempt. */
function letBegin({ state, user, environments }: Entry, wanted: string): Review[] {
  const names = Array.isArray(environments) ? environments.map((one) => textOf(mappingOf(one).name)) : [];
  const isOfIt = names.some((name) => name?.toLowerCase() === wanted.toLowerCase());
  return isOfIt && state === "approved" ? [{ by: loginOf(user), said: "approved", current: true }] : [];
}
