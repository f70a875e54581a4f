import type { GitlabServer, GitlabUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigJobs } from "./config-jobs.ts";

// The built product in a GitLab job: from an artifact over a merge request that somebody merges, to the next one.
let jobs: ConfigJobs;
let gitlab: GitlabServer;
let glu: GitlabUser;
let ada: GitlabUser;

const config = `version: 1
environments:
  production:
    propose: { labels: [release], reviewers: [ada], draft: true }
apps:
  web:
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;
const values = "apps/web/production.yaml";

beforeAll(async () => {
  jobs = await ConfigJobs.start({ "glu.yaml": config, [values]: "image:\n  tag: 0.9.0 # ours\n" });
  gitlab = jobs.gitlab;
  glu = gitlab.user("project_3_bot", "developer");
  ada = gitlab.user("ada", "developer");
});
afterAll(() => jobs?.[Symbol.asyncDispose]());

const job = (token: Record<string, string>, version: string, ...args: string[]) =>
  jobs.run(args, { CI_JOB_NAME: version, CI_COMMIT_MESSAGE: `Version ${version}`, ...token });

async function build(version: string): Promise<void> {
  const image = `web=registry.test/acme/web:${version}@sha256:${"a".repeat(64)}`;
  const made = await job({ GLU_TOKEN: glu.token }, version, "artifact", "create", "--app", "web", "--image", image);
  expect(made).toMatchObject({ exitCode: 0 });
}
const promote = (token: Record<string, string>) =>
  job(token, "promote", "promote", "--app", "web", "--environment", "production", "--artifact", "latest");

it("proposes with an access token, updates the draft in place, and takes what was merged for released", async () => {
  await build("1.0.0");
  const first = await promote({ GLU_TOKEN: glu.token });
  expect(first, first.stderr).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(first.stdout)).toMatchObject({ result: "proposed" });
  await build("1.1.0");
  const second = await promote({ GLU_TOKEN: glu.token });
  expect(JSON.parse(second.stdout), second.stderr).toMatchObject({ result: "proposed" });

  const [only, ...others] = gitlab.requests.all;
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    title: expect.stringMatching(/^Draft: Promote web to production: .*1\.1\.0/),
    description: expect.stringContaining("<!-- glu:proposal {"),
    source: "glu/production/web",
    labels: ["release"],
    reviewers: [{ username: "ada" }],
  });

  const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${only?.iid}`;
  await gitlab.api(ada, "PUT", at, { title: "Ship it" });
  await gitlab.api(ada, "PUT", `${at}/merge`, { squash: true });
  expect(gitlab.repository.git("show", `main:${values}`)).toBe("image:\n  tag: 1.1.0 # ours");
  const third = await promote({ GLU_TOKEN: glu.token });
  expect(JSON.parse(third.stdout), third.stderr).toMatchObject({ result: "unchanged" });
  expect(gitlab.requests.all).toHaveLength(1);
  expect(gitlab.unmodelled).toEqual([]);
});

it("goes back by a merge request, which gets the newest words; what somebody closed says what brings it back", async () => {
  const token = { GLU_TOKEN: glu.token };
  const merge = async () => {
    const open = gitlab.requests.all.find(({ state }) => state === "opened");
    const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${open?.iid}`;
    await gitlab.api(ada, "PUT", at, { title: "Ship it" });
    await gitlab.api(ada, "PUT", `${at}/merge`, { squash: true });
  };
  await build("1.1.1");
  expect(JSON.parse((await promote(token)).stdout)).toMatchObject({ result: "proposed" });
  await merge();
  const rollback = ["rollback", "--app", "web", "--environment", "production"];
  const first = await job(token, "back", ...rollback, "--reason", "first");
  expect(JSON.parse(first.stdout), first.stderr).toMatchObject({ result: "proposed" });
  const second = await job(token, "back", ...rollback, "--reason", "second /close @ada", "--until", "2h", "--exact");
  expect(JSON.parse(second.stdout), second.stderr).toMatchObject({ result: "proposed" });
  const back = gitlab.requests.all.filter(({ state }) => state === "opened");
  expect(back).toMatchObject([{ title: "Draft: Roll back web in production to 1.1.0" }]);
  const proposed = (path: string) => gitlab.repository.git("show", `glu/production/web:${path}`);
  expect(proposed(values)).toBe("image:\n  tag: 1.1.0 # ours");
  expect(JSON.parse(proposed(".glu/web/production.pin.json"))).toMatchObject({ reason: "second /close @ada" });

  const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${back[0]?.iid}`;
  await gitlab.api(ada, "PUT", at, { state_event: "close" });
  const closed = await job(token, "back", ...rollback);
  expect(closed.exitCode).toBe(3);
  expect(closed.stderr).toContain(`opening #${back[0]?.iid} again, or --strategy commit`);
  const directly = await job(token, "back", ...rollback, "--strategy", "commit", "--pin", "false");
  expect(JSON.parse(directly.stdout), directly.stderr).toMatchObject({ result: "promoted" });
  expect(gitlab.repository.git("show", `main:${values}`)).toBe("image:\n  tag: 1.1.0 # ours");
  gitlab.repository.git("update-ref", "-d", "refs/heads/glu/production/web");
  expect(gitlab.unmodelled).toEqual([]);
});

it("says with a job token which token it needs, and has exit code 2", async () => {
  await build("1.2.0");
  const { exitCode, stdout } = await promote({ CI_JOB_TOKEN: "glcbt-64_abc" });
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    code: "proposal/job-token",
    fix: expect.stringMatching(/access token of acme\/team\/config with the role Developer and the scopes 'api'/),
  });
  // It is known before anything is pushed.
  expect(gitlab.repository.git("for-each-ref", "refs/heads/glu/")).toBe("");
});
