import type { GitlabServer, GitlabUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigJobs } from "./config-jobs.ts";

// The built product in GitLab's jobs: what a merge request's status says before, while and after it is frozen.
let jobs: ConfigJobs;
let gitlab: GitlabServer;
let glu: GitlabUser;

const config = `version: 1
environments:
  production:
    propose: { auto-merge: true }
apps:
  web:
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;

beforeAll(async () => {
  jobs = await ConfigJobs.start({ "glu.yaml": config, "apps/web/production.yaml": "image:\n  tag: 0.9.0\n" });
  gitlab = jobs.gitlab;
  glu = gitlab.user("project_3_bot", "developer");
  gitlab.requests.pipelinesMustSucceed = true;
});
afterAll(() => jobs?.[Symbol.asyncDispose]());

const job = (args: readonly string[], more: Record<string, string> = {}) =>
  jobs.run(args, { GLU_TOKEN: glu.token, ...more });

const head = () => gitlab.repository.git("rev-parse", "glu/production/web");
const status = () =>
  gitlab.statuses.all.findLast(({ name, pipeline: { sha } }) => name === "glu/production" && sha === head());

it("fails the status of a merge request that was opened before a freeze, and takes auto-merge from it until it ends", async () => {
  const image = `web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}`;
  await job(["artifact", "create", "--app", "web", "--image", image]);
  const proposed = await job(["promote", "--app", "web", "--environment", "production", "--artifact", "latest"]);
  expect(JSON.parse(proposed.stdout), proposed.stderr).toMatchObject({ result: "proposed" });
  expect(status()).toMatchObject({ status: "success", description: "web: all gates are met" });
  const [request] = gitlab.requests.all;
  expect(request?.autoMergeBy).toMatchObject({ username: "project_3_bot" });

  const frozen = await job(["freeze", "production", "--reason", "audit"]);
  expect(frozen.exitCode, frozen.stderr).toBe(0);
  expect(status()).toMatchObject({
    status: "failed",
    description: expect.stringContaining("production is frozen by"),
    targetUrl: `${jobs.origin}/${gitlab.project}/-/blob/main/.glu/_freeze/production.json`,
  });
  expect(request?.autoMergeBy).toBeUndefined();

  // In the merge request's own pipeline the job itself can fail.
  gitlab.repository.git("update-ref", "refs/merge-requests/1/head", head());
  const own = {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_COMMIT_SHA: head(),
    CI_COMMIT_BRANCH: "",
    CI_MERGE_REQUEST_IID: "1",
    CI_MERGE_REQUEST_PROJECT_ID: "3",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "3",
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "glu/production/web",
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
  };
  const judged = await job(["reconcile", "--on-held", "fail"], own);
  expect(judged.exitCode, judged.stderr).toBe(3);
  expect(JSON.parse(judged.stdout)).toMatchObject({ result: "held", proposal: { number: 1 } });

  await job(["unfreeze", "production"]);
  expect(status()).toMatchObject({ status: "success" });
  expect(request?.autoMergeBy).toMatchObject({ username: "project_3_bot" });
  expect(gitlab.unmodelled).toEqual([]);
});

it("one that was asked for by name follows when the record below it gets a verdict, as the same request", async () => {
  const path = ".glu/web/production.json";
  const read = (at: string) => JSON.parse(gitlab.repository.git("show", `${at}:${path}`));
  const build = (version: string) =>
    job([
      "artifact",
      "create",
      "--app",
      "web",
      "--image",
      `web=registry.test/acme/web:${version}@sha256:${"b".repeat(64)}`,
    ]);
  const promote = () => job(["promote", "--app", "web", "--environment", "production", "--artifact", "latest"]);
  const [first] = gitlab.requests.all;
  gitlab.requests.pipelinesMustSucceed = false;
  const ada = gitlab.user("ada", "maintainer");
  const at = (iid = 0) => `/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${iid}`;
  await gitlab.api(ada, "PUT", `${at(first?.iid)}/merge`, { squash: true });
  await job(["reconcile"]);
  await build("2.0.0");
  const proposed = await promote();
  expect(JSON.parse(proposed.stdout), proposed.stderr).toMatchObject({ result: "proposed" });
  const before = head();
  const record = read("main");
  const current = { ...record.current, state: "healthy", verifiedAt: record.current.decidedAt };
  gitlab.repository.push("main", { [path]: `${JSON.stringify({ ...record, current }, null, 2)}\n` });
  const open = gitlab.requests.all.at(-1);

  const done = await job(["reconcile"]);
  expect(done.exitCode, done.stderr).toBe(0);
  expect(done.stderr).toContain(`#${open?.iid} was put on the newest main: ${path} has changed there.`);
  expect(head()).not.toBe(before);
  expect(gitlab.repository.git("rev-parse", "glu/production/web^")).toBe(gitlab.repository.git("rev-parse", "main"));
  const [was, is] = [read(before), read("glu/production/web")];
  for (const key of ["request", "actor", "kind", "artifact", "releasedAt"]) {
    expect(is.current[key], key).toEqual(was.current[key]);
  }
  expect(is.history[0]).toMatchObject({ state: "healthy" });
  expect(status()).toMatchObject({ status: "success" });
  expect(gitlab.requests.all.at(-1)).toBe(open);
  await gitlab.api(ada, "PUT", `${at(open?.iid)}/merge`, { squash: true });
  expect(gitlab.repository.git("show", "main:apps/web/production.yaml")).toContain("tag: 2.0.0");
  expect(gitlab.unmodelled).toEqual([]);
});
