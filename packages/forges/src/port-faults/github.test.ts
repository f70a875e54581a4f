import { type RefName, shortRef } from "@glu/core";
import { FakeClock, GithubReviews, GithubServer } from "@glu/testing/internal";
import { expect } from "vitest";
import type { FaultWorld } from "../../test/port-fault-scenarios.ts";
import { portFaults } from "../../test/port-faults.ts";

async function start(): Promise<FaultWorld> {
  const github = await GithubServer.start();
  const repository = github.repository("acme/web", { "README.md": "Web\n" });
  repository.collaborators.add("ada");
  repository.autoMerge = true;
  repository.required.add("required");
  const reviews = GithubReviews.of(repository);
  const approvals = [{ environment: "production", state: "approved" as const, user: "bob" }];
  reviews.runs.set(7, { actor: "ada", createdAt: "2026-11-28T08:00:00Z", approvals });
  const tokens = new Map(["ada", "bob"].map((name) => [name, github.token(name)]));
  github.teams.all.set("acme/ops", new Map([["ada", "active"]]));
  let count = 0;
  const as = async <T>(name: string, method: string, path: string, body: unknown): Promise<T> => {
    const response = await fetch(`${github.apiUrl}/repos/acme/web${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.get(name)}`,
        "user-agent": "test",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify(body),
    });
    expect(response.status, path).toBeLessThan(300);
    return (await response.json()) as T;
  };
  const branch = () => {
    const name = `refs/heads/glu/production/web-${++count}` as RefName;
    repository.git.git("update-ref", name, "refs/heads/main");
    const head = repository.git.push(shortRef(name), { [`file-${count}`]: "x\n" });
    reviews.writers.set(head, "ada");
    return { name, head };
  };
  return {
    asking: {
      forge: "github",
      apiUrl: github.apiUrl,
      webUrl: "https://github.com/acme/web",
      repository: "acme/web",
      token: github.token("github-actions[bot]", { seesTeams: true }),
      clock: new FakeClock(),
      limits: { attempts: 2, base: 10, longest: 60_000 },
    },
    run: { run: "7" },
    branch: async () => ({ branch: branch().name, base: "refs/heads/main" as RefName }),
    proposed: async (place) =>
      repository.pulls
        .filter(({ head }) => head === shortRef(place.branch))
        .map(({ autoMergeBy, comments, ...pull }) => ({
          ...pull,
          comments: comments.map(({ body }) => body),
          autoMerge: autoMergeBy !== undefined || pull.queued,
        })),
    commit: async () => {
      const commit = repository.git.push("builds", { [`file-${++count}`]: "x\n" });
      repository.pass(commit, "ci");
      return commit;
    },
    change: async () => {
      const { name, head } = branch();
      const place = { head: shortRef(name), base: "main", title: "A change" };
      const { number } = await as<{ number: number }>("ada", "POST", "/pulls", place);
      await as("bob", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
      return { number, head };
    },
    merge: async (number) => {
      repository.pass(repository.pull(number)?.headSha ?? "", "required");
      const how = { merge_method: "squash" };
      return (await as<{ sha: string }>("ada", "PUT", `/pulls/${number}/merge`, how)).sha;
    },
    statuses: async (commit) =>
      repository.statuses
        .filter(({ sha, context }) => sha === commit && context === "glu/production")
        .map(({ state }) => state),
    deployments: async (commit) =>
      repository.deployments
        .filter(({ sha }) => sha === commit)
        .map(({ statuses }) => statuses.at(-1)?.state ?? "none"),
    comments: async (number) => repository.pull(number)?.comments.map(({ body }) => body.split("\n")[0] ?? "") ?? [],
    queue: async (number) => void Object.assign(repository.pull(number) ?? {}, { queued: true }),
    heard: () => github.requests.splice(0).map(GithubServer.routeOf),
    [Symbol.asyncDispose]: async () => {
      expect(github.violations).toEqual([]);
      await github[Symbol.asyncDispose]();
    },
  };
}

const repo = "/repos/{owner}/{repo}";
portFaults("GitHub", start, {
  queues: true,
  // That is how it says that somebody is no member.
  except: { "actors.isIn": ["404"] },
  routes: {
    modelled: GithubServer.modelled,
    others: {
      people: [
        `PUT ${repo}/pulls/{pull_number}/merge`,
        `POST ${repo}/pulls/{pull_number}/reviews`,
        `PUT ${repo}/pulls/{pull_number}/reviews/{review_id}/dismissals`,
      ],
      "commits by the API (github-commit-faults.test.ts)": [
        `GET ${repo}/git/blobs/{file_sha}`,
        `POST ${repo}/git/blobs`,
        `POST ${repo}/git/trees`,
        `POST ${repo}/git/commits`,
        "POST /graphql createCommitOnBranch",
        "POST /graphql updateRefs",
      ],
      "commands in comments (github-comment-commands.test.ts)": [
        `GET ${repo}/collaborators/{username}/permission`,
        `GET ${repo}/activity`,
        `POST ${repo}/issues/comments/{comment_id}/reactions`,
      ],
      "glu doctor, which only looks (github-diagnosis.test.ts)": [
        `GET ${repo}`,
        `GET ${repo}/commits`,
        `GET ${repo}/rules/branches/{branch}`,
        `GET ${repo}/rulesets/{ruleset_id}`,
        `GET ${repo}/branches/{branch}`,
        `GET ${repo}/branches/{branch}/protection`,
        `GET ${repo}/actions/permissions`,
        `GET ${repo}/actions/permissions/selected-actions`,
        `GET ${repo}/actions/permissions/workflow`,
      ],
    },
  },
});
