import type { Approvals, Authors, ReviewVerdict } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, send, webLink } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { noRun } from "./no-run.ts";
import { lastOf, named, type Review } from "./reviews.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reviews of pull requests of Gitea and Forgejo. Only official ones count, which are those of people whom the branch's
 * rule names, else of those who may write; neither dismissed ones nor, of approvals, stale ones. Runs have no approvals.
 */
export function createGiteaApprovals(asking: AskingWithToken): Approvals {
  const { token } = asking;
  const headers = giteaHeaders(token);
  const repo = (name: string) => `/repos/${encodePath(name)}`;
  const get = (path: string, signal: AbortSignal) => send({ method: "GET", path, headers, signal }, asking);
  const refusing = (target: string) => (response: ForgeResponse) =>
    notAnswered("approval", response, {
      target,
      token,
      permission: "It needs a token with the scope 'read:repository' of somebody who may read it, as GLU_TOKEN.",
      missing: "Check that the repository is named rightly, and that this is there.",
      invalid: "Check that the artifact's source commit is in that repository.",
    });
  const list = (path: string, what: string, signal: AbortSignal) =>
    allEntries({
      apiUrl: asking.apiUrl,
      path: `${path}?limit=${perPage}`,
      perPage,
      mayGiveLess: true,
      get: (at) => get(at, signal),
      refuse: refusing(what),
    });

  async function reviewsOf(
    repository: string,
    number: number,
    head: string,
    signal: AbortSignal,
  ): Promise<ReviewVerdict[]> {
    const path = `${repo(repository)}/pulls/${number}/reviews`;
    const reviews = await list(path, `reviews of ${repository}#${number}`, signal);
    return lastOf(reviews.flatMap((one) => reviewOf(one, head)));
  }

  /** The pull request whose merge made a commit. */
  async function merged(repository: string, commit: string, signal: AbortSignal): Promise<Entry | undefined> {
    const response = await get(`${repo(repository)}/commits/${encodeURIComponent(commit)}/pull`, signal);
    // Nothing tells a commit without a pull request from one that is not there; authors() asks for the commit itself.
    if (response.status === 404) return undefined;
    const pull = mappingOf(response.json);
    if (response.status !== 200 || typeof pull.number !== "number") {
      throw refusing(`the pull request of ${commit.slice(0, 7)} in ${repository}`)(response);
    }
    return pull.merged === true ? pull : undefined;
  }

  return {
    async ofProposal({ repository, number, head }, signal) {
      return { verdicts: await reviewsOf(repository, number, head, signal), url: undefined };
    },

    async ofSource({ repository, commit }, signal) {
      const pull = await merged(repository, commit, signal);
      if (pull === undefined) return undefined;
      const head = textOf(mappingOf(pull.head).sha) ?? "";
      const verdicts = await reviewsOf(repository, Number(pull.number), head, signal);
      return { verdicts, url: webLink(textOf(pull.html_url)) };
    },

    async ofRun() {
      const fix =
        "Let the proposal be reviewed (by: proposal), or the pull request that brought the commit (by: source).";
      throw noRun("On Gitea and Forgejo nobody approves a run.", fix);
    },

    async authors({ repository, commit }, signal): Promise<Authors> {
      const [pull, itself] = await Promise.all([
        merged(repository, commit, signal),
        get(`${repo(repository)}/git/commits/${encodeURIComponent(commit)}?stat=false&files=false`, signal),
      ]);
      if (itself.status !== 200 || mappingOf(itself.json).sha !== commit)
        throw refusing(`${repository} at ${commit.slice(0, 7)}`)(itself);
      const written = mappingOf(itself.json);
      const short = commit.slice(0, 7);
      if (pull === undefined) {
        const { verified, signer } = mappingOf(mappingOf(written.commit).verification);
        const unknown =
          verified !== true
            ? `${short} came by no merged pull request, and is not signed`
            : loginOf(written.author) === undefined
              ? `the forge does not know who wrote ${short}`
              : undefined;
        const signed = textOf(mappingOf(signer).username);
        return { people: named([loginOf(written.author), loginOf(written.committer), signed]), unknown };
      }
      const path = `${repo(repository)}/pulls/${Number(pull.number)}/commits`;
      const commits = await list(path, `commits of ${repository}#${pull.number}`, signal);
      const stranger = commits.find(({ author }) => loginOf(author) === undefined);
      const opened = loginOf(pull.user);
      const unknown =
        stranger !== undefined
          ? `the forge does not know who wrote ${String(stranger.sha).slice(0, 7)}`
          : opened === undefined
            ? `the forge does not know who opened the pull request of ${short}`
            : undefined;
      // Who merged it, too, as the committer: nothing tells a merge of the server from one that was made elsewhere.
      const wrote = [written, ...commits].flatMap(({ author, committer }) => [loginOf(author), loginOf(committer)]);
      return { people: named([opened, ...wrote]), unknown };
    },
  };
}

const loginOf = (user: unknown): string | undefined => {
  const login = textOf(mappingOf(user).login);
  return login === "" ? undefined : login;
};

function reviewOf({ state, user, commit_id: commit, stale, official, dismissed }: Entry, head: string): Review[] {
  const by = loginOf(user);
  const current = commit === head && stale !== true;
  if (state !== "APPROVED" && state !== "REQUEST_CHANGES") return [];
  if (dismissed === true || official !== true) return [{ by, said: undefined, current }];
  return [{ by, said: state === "APPROVED" ? "approved" : "rejected", current }];
}
