import { type ForgeRelease, OutsideError, oncePer, type Releases, type SourceCommit } from "@glu/core";
import { encodePath, type ForgeConnection, type ForgeResponse, field, send, webLink } from "./http.ts";
import { mappingOf } from "./json.ts";
import { allEntries } from "./pages.ts";
import { quoting, saidBy } from "./said-by.ts";

/** How a forge is asked. Undefined token: as anybody. */
export interface ReleasesConnection extends ForgeConnection {
  token: string | undefined;
}

/** What both give at most. */
const perPage = 100;

type Json = Readonly<Record<string, unknown>>;

/**
 * Releases of repositories on GitHub (https://docs.github.com/en/rest/releases/releases#list-releases) and GitLab
 * (https://docs.gitlab.com/api/releases/). Each list and commit is asked for once in a run.
 * @param connect how the forge of a repository is reached
 */
export function createReleases(connect: (repository: string, on: "github" | "gitlab") => ReleasesConnection): Releases {
  const lists = oncePer<ForgeRelease[]>();
  const commits = oncePer<SourceCommit>();
  return {
    list: (repository, on) => lists(`${on} ${repository}`, () => forges[on].list(repository, connect(repository, on))),
    commit: (repository, on, tag) =>
      commits(`${on} ${repository} ${tag}`, () => forges[on].commit(repository, tag, connect(repository, on))),
  };
}

interface Forge {
  list(repository: string, connection: ReleasesConnection): Promise<ForgeRelease[]>;
  commit(repository: string, tag: string, connection: ReleasesConnection): Promise<SourceCommit>;
}

const github: Forge = {
  async list(repository, connection) {
    const path = `/repos/${encodePath(repository)}/releases?per_page=${perPage}`;
    return (await listAt(path, githubHeaders(connection), repository, connection)).flatMap((one) => {
      const tag = field(one, "tag_name");
      if (tag === undefined || one.draft !== false) return [];
      return [{ tag, prerelease: one.prerelease === true, url: webLink(field(one, "html_url")) }];
    });
  },

  async commit(repository, tag, connection) {
    // `tags/` keeps a branch of the same name from being taken.
    const path = `/repos/${encodePath(repository)}/commits/tags/${encodePath(tag)}`;
    const answer = await send({ method: "GET", path, headers: githubHeaders(connection) }, connection);
    const whole = mappingOf(answer.status === 200 ? answer.json : undefined);
    const { author, committer, message } = mappingOf(whole.commit);
    return commitOf(
      { sha: whole.sha, author, committer, committedAt: mappingOf(committer).date, message },
      { answer, repository, tag, connection },
    );
  },
};

const gitlab: Forge = {
  async list(repository, connection) {
    const path = `/projects/${encodeURIComponent(repository)}/releases?per_page=${perPage}`;
    return (await listAt(path, gitlabHeaders(connection), repository, connection)).flatMap((one) => {
      const tag = field(one, "tag_name");
      // A release with a date to come is not out yet. GitLab knows no pre-releases: its tags say it.
      if (tag === undefined || one.upcoming_release === true) return [];
      return [{ tag, prerelease: false, url: webLink(field(mappingOf(one._links), "self")) }];
    });
  },

  async commit(repository, tag, connection) {
    // Not the tag itself, which a job's token may not read.
    const path = `/projects/${encodeURIComponent(repository)}/releases/${encodeURIComponent(tag)}`;
    const answer = await send({ method: "GET", path, headers: gitlabHeaders(connection) }, connection);
    const commit = mappingOf(mappingOf(answer.status === 200 ? answer.json : undefined).commit);
    return commitOf(
      {
        sha: commit.id,
        author: { name: commit.author_name, email: commit.author_email },
        committer: { name: commit.committer_name, email: commit.committer_email },
        committedAt: commit.committed_date,
        message: commit.message,
      },
      { answer, repository, tag, connection },
    );
  },
};

const forges = { github, gitlab } as const;

function githubHeaders({ token }: ReleasesConnection): Record<string, string> {
  return {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

function gitlabHeaders({ token }: ReleasesConnection): Record<string, string> {
  if (token === undefined) return {};
  // A job's token has a header of its own (https://docs.gitlab.com/ci/jobs/ci_job_token/).
  return token.startsWith("glpat-") ? { "private-token": token } : { "job-token": token };
}

/** All entries; a page that has not changed since the last run costs no request on GitHub. */
function listAt(
  path: string,
  headers: Record<string, string>,
  repository: string,
  connection: ReleasesConnection,
): Promise<readonly Json[]> {
  return allEntries({
    apiUrl: connection.apiUrl,
    path,
    perPage,
    get: (at) => send({ method: "GET", path: at, headers, remember: true }, connection),
    refuse: (answer) => unreadable(answer, `The releases of ${repository}`, connection),
  });
}

interface Asked {
  answer: ForgeResponse;
  repository: string;
  tag: string;
  connection: ReleasesConnection;
}

function commitOf(found: Json, { answer, repository, tag, connection }: Asked): SourceCommit {
  const { sha, committedAt, message } = found;
  const time = typeof committedAt === "string" ? Date.parse(committedAt) : Number.NaN;
  if (typeof sha !== "string" || !/^[0-9a-f]{40,64}$/.test(sha) || Number.isNaN(time)) {
    throw unreadable(answer, `The commit of the release ${tag} of ${repository}`, connection);
  }
  return {
    sha,
    author: identity(found.author),
    committer: identity(found.committer),
    committedAt: new Date(time).toISOString(),
    message: typeof message === "string" ? message : "",
  };
}

function identity(value: unknown): { name: string; email: string } {
  return { name: field(value, "name") ?? "", email: field(value, "email") ?? "" };
}

function unreadable(answer: ForgeResponse, what: string, { token = "" }: ReleasesConnection): OutsideError {
  const { status } = answer;
  const seen = token === "" ? status : saidBy(answer, token);
  if (status === 404 || status === 401 || status === 403) {
    return new OutsideError("release/not-found", quoting(`${what} cannot be read.`, String(seen)), {
      seen,
      fix:
        "Check the name; a private repository needs a token that may read its contents: in a job of GitHub " +
        "'permissions: { contents: read }' for its own, else GLU_TOKEN.",
    });
  }
  return new OutsideError("release/unexpected", `${what} cannot be read: the forge's answer is not as documented.`, {
    seen,
    fix: "Check 'on', and try again later.",
  });
}
