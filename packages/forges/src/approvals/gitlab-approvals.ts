import { type Approvals, type Authors, OutsideError, type ReviewVerdict } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { type ForgeResponse, send, webLink } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { noRun } from "./no-run.ts";
import { fewOf, named } from "./reviews.ts";

const perPage = 100;

/** The deployments of an environment among which the job's is looked for, newest first. */
const newestDeployments = 100;

type Entry = Readonly<Record<string, unknown>>;

/**
 * Approvals of merge requests and of deployments to protected environments
 * (https://docs.gitlab.com/api/merge_request_approvals/, https://docs.gitlab.com/api/deployments/). GitLab does not tell
 * which commit was approved: an approval counts that came after the newest version of the merge request.
 */
export function createGitlabApprovals(asking: AskingWithToken, own: OwnRun): Approvals {
  const { token } = asking;
  const headers = gitlabHeaders(token);
  const project = (repository: string) => `/projects/${encodeURIComponent(repository)}`;
  const get = (path: string, signal: AbortSignal) => {
    if (isJobToken(token)) throw jobToken();
    return send({ method: "GET", path, headers, signal }, asking);
  };
  const refusing = (target: string, repository: string) => (response: ForgeResponse) =>
    notAnswered("approval", response, {
      target,
      token,
      permission: `It needs an access token with the scope 'read_api' and the role Reporter in ${repository}, as GLU_TOKEN.`,
      missing: "Check the path of the project, and that this is there.",
      invalid: "Check that the artifact's source commit is in that project.",
    });
  const list = (path: string, what: string, repository: string, signal: AbortSignal) =>
    allEntries({
      apiUrl: asking.apiUrl,
      path: `${path}${path.includes("?") ? "&" : "?"}per_page=${perPage}`,
      perPage,
      get: (at) => get(at, signal),
      refuse: refusing(what, repository),
    });

  async function verdictsOf(
    repository: string,
    iid: number,
    head: string,
    signal: AbortSignal,
  ): Promise<ReviewVerdict[]> {
    const at = `${project(repository)}/merge_requests/${iid}`;
    const what = `${repository}!${iid}`;
    const [approvals, versions, reviewers] = await Promise.all([
      get(`${at}/approvals`, signal),
      list(`${at}/versions`, `versions of ${what}`, repository, signal),
      list(`${at}/reviewers`, `reviewers of ${what}`, repository, signal),
    ]);
    const approvedBy = approvals.status === 200 ? listOf(mappingOf(approvals.json).approved_by) : undefined;
    if (approvedBy === undefined) throw refusing(`approvals of ${what}`, repository)(approvals);
    const newest = newestOf(versions);
    const since = newest?.head_commit_sha === head ? timeIn(newest.created_at) : undefined;
    // Older GitLabs tell the time in a note only.
    const isTold = approvedBy.every(({ approved_at: time }) => typeof time === "string");
    const notes = isTold ? [] : await list(`${at}/notes?sort=desc`, `notes of ${what}`, repository, signal);
    const approved = approvedBy.flatMap((one): ReviewVerdict[] => {
      const by = usernameOf(one.user);
      if (by === undefined) return [];
      const time = timeIn(one.approved_at) ?? noted(notes, by);
      const current = since !== undefined && time !== undefined && time >= since;
      return [{ by, said: "approved", current }];
    });
    const rejected = reviewers.flatMap((one): ReviewVerdict[] => {
      const by = usernameOf(one.user);
      return by !== undefined && one.state === "requested_changes" ? [{ by, said: "rejected", current: true }] : [];
    });
    return [...approved, ...rejected];
  }

  async function merged(repository: string, commit: string, signal: AbortSignal): Promise<readonly Entry[]> {
    const path = `${project(repository)}/repository/commits/${encodeURIComponent(commit)}/merge_requests`;
    const what = `merge requests of ${commit.slice(0, 7)} in ${repository}`;
    const requests = await list(path, what, repository, signal);
    return fewOf(
      requests.filter(({ state }) => state === "merged"),
      what,
    );
  }

  /** The users who wrote a merge request's commits; undefined among them: one whom GitLab does not know. */
  async function writersOf(repository: string, iid: number, signal: AbortSignal) {
    const query =
      "query ($path: ID!, $iid: String!) { project(fullPath: $path) { mergeRequest(iid: $iid) { " +
      "commits(first: 100) { nodes { author { username } } pageInfo { hasNextPage } } } } }";
    const body = { query, variables: { path: repository, iid: String(iid) } };
    const base = { ...asking, apiUrl: asking.apiUrl.replace(/\/v4$/, "") };
    const response = await send({ method: "POST", path: "/graphql", headers, body, signal }, base);
    const { commits } = mappingOf(mappingOf(mappingOf(mappingOf(response.json).data).project).mergeRequest);
    const nodes = response.status === 200 ? listOf(mappingOf(commits).nodes) : undefined;
    if (nodes === undefined) throw refusing(`commits of ${repository}!${iid}`, repository)(response);
    const { hasNextPage } = mappingOf(mappingOf(commits).pageInfo);
    return { names: nodes.map(({ author }) => usernameOf(author)), isCut: hasNextPage !== false };
  }

  return {
    async ofProposal({ repository, number, head }, signal) {
      return { verdicts: await verdictsOf(repository, number, head, signal), url: undefined };
    },

    async ofSource({ repository, commit }, signal) {
      const requests = await merged(repository, commit, signal);
      if (requests.length === 0) return undefined;
      const all = requests.map(({ iid, sha }) => verdictsOf(repository, Number(iid), textOf(sha) ?? "", signal));
      return { verdicts: (await Promise.all(all)).flat(), url: webLink(textOf(requests[0]?.web_url)) };
    },

    async ofRun(environment, signal) {
      const { repository } = asking;
      const { job, run } = own;
      if (job === undefined || run === undefined) throw noRun("This is no job of GitLab CI.", "Promote in a pipeline.");
      const query = new URLSearchParams({
        environment,
        order_by: "id",
        sort: "desc",
        per_page: String(newestDeployments),
      });
      const response = await get(`${project(repository)}/deployments?${query}`, signal);
      const deployments = response.status === 200 ? listOf(response.json) : undefined;
      if (deployments === undefined) throw refusing(`deployments of ${repository}`, repository)(response);
      const found = deployments.find(({ deployable }) => String(mappingOf(deployable).id) === job);
      if (found === undefined) {
        const fix = `Put 'environment: ${environment}' into the job that promotes, and protect that environment.`;
        throw noRun(`The job ${job} deploys nothing to ${environment}, so nobody approves it.`, fix);
      }
      const one = await get(`${project(repository)}/deployments/${String(found.id)}`, signal);
      const { approvals, user, deployable, created_at: created } = mappingOf(one.json);
      const startedAt = timeOf(created);
      const refuse = refusing(`the deployment ${String(found.id)} of ${repository}`, repository);
      if (one.status !== 200 || startedAt === undefined) throw refuse(one);
      const given = listOf(approvals);
      if (given === undefined) {
        throw noRun(`GitLab tells no approvals of deployments to ${environment}.`, "They need GitLab Premium.");
      }
      const { user: asker, pipeline, web_url: page } = mappingOf(deployable);
      return {
        // The job has begun, so that what was rejected was approved since.
        verdicts: given.flatMap(({ user: who, status, created_at: time }): ReviewVerdict[] => {
          const by = usernameOf(who);
          return by !== undefined && status === "approved"
            ? [{ by, said: "approved", current: true, at: timeOf(time) }]
            : [];
        }),
        url: webLink(textOf(page) ?? textOf(mappingOf(pipeline).web_url)),
        startedBy: named([usernameOf(user), usernameOf(asker)]),
        startedAt,
        id: run,
      };
    },

    async authors({ repository, commit }, signal): Promise<Authors> {
      const requests = await merged(repository, commit, signal);
      const short = commit.slice(0, 7);
      if (requests.length === 0) {
        return { people: [], unknown: `${short} came by no merged merge request` };
      }
      const written = await Promise.all(requests.map(({ iid }) => writersOf(repository, Number(iid), signal)));
      const opened = requests.map(({ author }) => usernameOf(author));
      const wrote = written.flatMap(({ names }) => names);
      // It could have been merged elsewhere, with anything, and pushed: nothing tells that apart.
      const merging = requests.map((one) => usernameOf(one.merge_user) ?? usernameOf(one.merged_by));
      const unknown = wrote.includes(undefined)
        ? `GitLab does not know who wrote a commit of the merge request of ${short}`
        : opened.includes(undefined)
          ? `GitLab does not know who opened the merge request of ${short}`
          : written.some(({ isCut }) => isCut)
            ? `the merge request of ${short} has more than 100 commits`
            : undefined;
      return { people: named([...opened, ...wrote, ...merging]), unknown };
    },
  };
}

const jobToken = (): OutsideError =>
  new OutsideError("approval/job-token", "GitLab shows approvals to no job token and no trigger token.", {
    fix: "Give a project access token with the scope 'read_api' and the role Reporter as GLU_TOKEN.",
  });

const usernameOf = (user: unknown): string | undefined => {
  const name = textOf(mappingOf(user).username);
  return name === "" ? undefined : name;
};

const timeIn = (value: unknown): number | undefined => {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

const newestOf = (versions: readonly Entry[]): Entry | undefined =>
  versions.reduce<Entry | undefined>((a, b) => (a === undefined || Number(b.id) > Number(a.id) ? b : a), undefined);

/** When a note of GitLab's own says that a user approved, notes newest first. */
function noted(notes: readonly Entry[], by: string): number | undefined {
  const note = notes.find(
    ({ system, body, author }) =>
      system === true &&
      usernameOf(author)?.toLowerCase() === by.toLowerCase() &&
      /^(?:un)?approved this merge request$/.test(textOf(body) ?? ""),
  );
  return note?.body === "approved this merge request" ? timeIn(note.created_at) : undefined;
}
