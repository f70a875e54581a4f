import { type RefName, shortRef } from "@glu/core";
import { FakeClock, GitlabServer } from "@glu/testing/internal";
import { expect } from "vitest";
import type { FaultWorld } from "../../test/port-fault-scenarios.ts";
import { portFaults } from "../../test/port-faults.ts";

async function start(): Promise<FaultWorld> {
  const gitlab = await GitlabServer.start();
  const [glu, ada, bob] = [
    gitlab.user("glu", "developer"),
    gitlab.user("ada", "developer"),
    gitlab.user("bob", "developer"),
  ];
  gitlab.requests.pipelinesMustSucceed = true;
  const at = "2026-11-28T08:00:00.000Z";
  const approvals = [{ user: bob, status: "approved" as const, at }];
  gitlab.deployments.ofJob("production", ada, { job: { id: 50, pipeline: 9, user: ada }, approvals, at });
  // Older GitLabs, which are asked one more thing.
  gitlab.approvals.tellsTime = false;
  const path = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
  gitlab.settings.jobs.set("glcbt-64_of-the-job", "ada");
  gitlab.groups.all.set("acme/ops", [{ username: "ada", state: "active" }]);
  let count = 0;
  const branch = () => {
    const name = `refs/heads/glu/production/web-${++count}` as RefName;
    gitlab.repository.git("update-ref", name, "refs/heads/main");
    const head = gitlab.repository.push(shortRef(name), { [`file-${count}`]: "x" });
    gitlab.approvals.writers.set(head, "ada");
    return { name, head };
  };
  const of = (number: number) => gitlab.requests.all.find(({ iid }) => iid === number);
  return {
    asking: {
      forge: "gitlab",
      apiUrl: gitlab.apiUrl,
      webUrl: `${gitlab.origin}/${gitlab.project}`,
      repository: gitlab.project,
      token: glu.token,
      clock: new FakeClock(),
      limits: { attempts: 2, base: 10, longest: 60_000 },
    },
    run: { run: "9", job: "50", jobToken: "glcbt-64_of-the-job" },
    branch: async () => ({ branch: branch().name, base: "refs/heads/main" as RefName }),
    proposed: async (place) =>
      gitlab.requests.all
        .filter(({ source }) => source === shortRef(place.branch))
        .map(({ state, title, labels, reviewers, assignees, notes, autoMergeBy }) => ({
          state: state === "opened" ? "open" : state,
          title,
          labels,
          reviewers: reviewers.map(({ username }) => username),
          assignees: assignees.map(({ username }) => username),
          comments: notes.map(({ body }) => body),
          autoMerge: autoMergeBy !== undefined,
        })),
    commit: async () => {
      const commit = gitlab.repository.push("builds", { [`file-${++count}`]: "x" });
      gitlab.statuses.pipeline(commit, { ref: "builds", source: "push" }, "ci", ada);
      return commit;
    },
    change: async () => {
      const { name, head } = branch();
      const place = { source_branch: shortRef(name), target_branch: "main", title: "A change" };
      const { iid } = await gitlab.api<{ iid: number }>(ada, "POST", path, place);
      await gitlab.api(ada, "GET", `${path}/${iid}/versions`);
      // GitLab tells milliseconds, and a person needs some.
      await new Promise((resolve) => setTimeout(resolve, 3));
      await gitlab.api(bob, "POST", `${path}/${iid}/approve`, {});
      return { number: iid, head };
    },
    merge: async (number) => {
      gitlab.requests.pass(number);
      const how = { squash: true };
      return (await gitlab.api<{ squash_commit_sha: string }>(ada, "PUT", `${path}/${number}/merge`, how))
        .squash_commit_sha;
    },
    statuses: async (commit) =>
      gitlab.statuses.all
        .filter(
          ({ pipeline, name, status }) => pipeline.sha === commit && name === "glu/production" && status !== "canceled",
        )
        .map(({ status }) => status),
    deployments: async (commit) =>
      gitlab.deployments.all.filter(({ sha }) => sha === commit).map(({ status }) => status),
    comments: async (number) =>
      of(number)
        ?.notes.filter(({ system }) => system !== true)
        .map(({ body }) => body.split("\n")[0] ?? "") ?? [],
    heard: () => gitlab.calls.splice(0),
    [Symbol.asyncDispose]: async () => {
      expect(gitlab.unmodelled).toEqual([]);
      await gitlab[Symbol.asyncDispose]();
    },
  };
}

portFaults("GitLab", start, {
  lacks: ["previewDeployments.settle"],
  // By 401 it says, too, that whoever the token is may not merge.
  means: { "proposals.setAutoMerge": { "401": /\/(?:unauthorised|auto-merge)$/ } },
  routes: {
    modelled: GitlabServer.modelled,
    others: {
      people: ["POST /projects/:id/merge_requests/:iid/approve"],
      "branches of proposals (gitlab-proposal-branches.test.ts)": [
        "GET /projects/:id/repository/tree",
        "POST /projects/:id/repository/commits",
      ],
      "glu doctor, which only looks (gitlab-diagnosis.test.ts)": [
        "GET /personal_access_tokens/self",
        "GET /projects/:id",
        "GET /projects/:id/repository/branches/:branch",
        "GET /projects/:id/push_rule",
        "GET /projects/:id/job_token_scope",
      ],
    },
  },
});
