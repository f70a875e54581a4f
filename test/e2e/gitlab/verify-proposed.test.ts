import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GitlabServer, GitlabUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigJobs } from "./config-jobs.ts";

// The built product in GitLab's jobs: what is proposed is merged, verified, fails, and goes back by a merge request.
let jobs: ConfigJobs;
let gitlab: GitlabServer;
let glu: GitlabUser;
let ada: GitlabUser;

const config = `version: 1
environments:
  production:
    propose: true
    verify: { gates: [{ command: { run: [sh, ./smoke-test] } }], within: 1s, on-failure: rollback }
apps:
  web:
    images: { web: registry.test/acme/web }
    write: [{ yaml: "apps/web/{{ env }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
`;

beforeAll(async () => {
  jobs = await ConfigJobs.start({ "glu.yaml": config, "apps/web/production.yaml": "image:\n  tag: 0.9.0\n" });
  gitlab = jobs.gitlab;
  glu = gitlab.user("project_3_bot", "maintainer");
  ada = gitlab.user("ada", "maintainer");
});
afterAll(() => jobs?.[Symbol.asyncDispose]());

async function job(...args: readonly string[]) {
  const done = await jobs.run(args, { GLU_TOKEN: glu.token });
  return { ...done, answer: JSON.parse(done.stdout || "{}") };
}

const smoke = (isWell: boolean) => writeFileSync(join(jobs.sandbox.folder, "smoke-test"), `exit ${isWell ? 0 : 1}\n`);
const record = () => JSON.parse(gitlab.repository.git("show", "main:.glu/web/production.json"));

async function merge(iid: number): Promise<void> {
  const response = await fetch(
    `${gitlab.apiUrl}/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${iid}/merge`,
    {
      method: "PUT",
      headers: { "private-token": ada.token },
    },
  );
  expect(response.status, await response.text()).toBe(200);
}

async function release(version: string): Promise<void> {
  gitlab.repository.push("main", { src: `${version}\n` });
  const image = `web=registry.test/acme/web:${version}@sha256:${version.replaceAll(".", "").padStart(64, "0")}`;
  await job("artifact", "create", "--app", "web", "--image", image);
  const proposed = await job("promote", "--app", "web", "--environment", "production", "--artifact", "latest");
  expect(proposed.answer, proposed.stderr).toMatchObject({ result: "proposed" });
  await merge(proposed.answer.decisions[0].proposal.number);
  await job("reconcile");
}

it("what was merged is verified, and what fails goes back by a merge request", async () => {
  smoke(true);
  await release("1.0.0");
  await job("reconcile");
  expect(record().current).toMatchObject({ state: "healthy", releasedAt: expect.any(String) });
  smoke(false);
  await release("2.0.0");
  await job("reconcile");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const failing = await job("reconcile");
  expect(failing.exitCode, failing.stderr).toBe(3);
  expect(failing.answer).toMatchObject({ result: "failed", verified: [{ release: { state: "failed" } }] });
  expect(gitlab.requests.all.at(-1)).toMatchObject({ title: "Roll back web in production to 1.0.0" });
  smoke(true);
  await merge(3);
  await job("reconcile");
  await job("reconcile");
  expect(record()).toMatchObject({ current: { kind: "rollback", state: "healthy" }, rejected: [{}] });
  expect(gitlab.repository.git("show", "main:apps/web/production.yaml")).toContain("tag: 1.0.0");
  expect(gitlab.unmodelled).toEqual([]);
});
