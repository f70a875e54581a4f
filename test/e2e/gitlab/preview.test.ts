import { expect, it } from "vitest";
import { ConfigJobs } from "./config-jobs.ts";
import { config, template } from "./preview-files.ts";

// The built product in the jobs of a merge request's pipeline, as the components `preview-up` and `preview-down` run it.
it("follows a merge request: a stop job that is run again takes nothing down that is open, and a late one brings nothing back", async () => {
  await using jobs = await ConfigJobs.start({ "glu.yaml": config, "preview-templates/web/web.yaml": template });
  const { gitlab } = jobs;
  expect(gitlab.project).toBe("acme/team/config");
  const ada = gitlab.user("ada", "developer");
  const glu = gitlab.user("project_3_bot", "maintainer");
  gitlab.repository.git("update-ref", "refs/heads/feature/x", "refs/heads/main");
  const sha = gitlab.repository.push("feature/x", { "a.txt": "x\n" });
  const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
  const opened = await gitlab.api(ada, "POST", at, { source_branch: "feature/x", target_branch: "main", title: "X" });
  const { iid } = opened as { iid: number };
  const preview = async (verb: "up" | "down", head = sha) => {
    const now = new Date().toISOString();
    const done = await jobs.run(["preview", verb], {
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_MERGE_REQUEST_IID: String(iid),
      CI_MERGE_REQUEST_PROJECT_ID: "3",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "3",
      CI_MERGE_REQUEST_PROJECT_URL: `${jobs.origin}/${gitlab.project}`,
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature/x",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_COMMIT_SHA: head,
      CI_COMMIT_BRANCH: "",
      CI_PIPELINE_CREATED_AT: now,
      CI_JOB_STARTED_AT: now,
      GLU_INPUT_APP: "web",
      GLU_TOKEN: glu.token,
    });
    return { ...done, answer: JSON.parse(done.stdout || "{}") };
  };
  const there = () => gitlab.repository.git("ls-tree", "-r", "--name-only", "main");

  const up = await preview("up");
  expect(up.answer, up.stderr).toMatchObject({ state: "created", degraded: null });
  expect(gitlab.repository.git("cat-file", "blob", `main:previews/web/pr-${iid}/web.yaml`)).toContain(sha);
  const stopped = await preview("down");
  expect([stopped.exitCode, stopped.answer.refusal.code]).toEqual([0, "preview/open"]);
  expect(there()).toContain(`previews/web/pr-${iid}/web.yaml`);

  // A job of the branch's own pipeline that stops its environment, and is run again, does not either.
  const stop = () =>
    jobs.run(["preview", "down", "--mode", "close"], {
      ...{ CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "feature/x", CI_COMMIT_SHA: sha, GLU_TOKEN: glu.token },
    });
  const early = await stop();
  expect(JSON.parse(early.stdout), early.stderr).toMatchObject({ result: "unchanged", kept: 1 });
  expect(there()).toContain(`previews/web/pr-${iid}/web.yaml`);

  await gitlab.api(ada, "PUT", `${at}/${iid}`, { state_event: "close" });
  const down = await preview("down");
  expect(down.answer, down.stderr).toMatchObject({ state: "removed" });
  const late = await preview("up");
  expect([late.exitCode, late.answer.refusal.code]).toEqual([0, "preview/closed"]);
  expect(there()).not.toMatch(/^previews\//m);

  await gitlab.api(ada, "PUT", `${at}/${iid}`, { state_event: "reopen" });
  expect((await preview("up", `${"0".repeat(39)}1`)).answer).toMatchObject({ refusal: { code: "preview/overtaken" } });
  expect((await preview("up")).answer).toMatchObject({ state: "created" });

  await gitlab.api(ada, "PUT", `${at}/${iid}`, { state_event: "close" });
  const gone = await stop();
  expect(JSON.parse(gone.stdout), gone.stderr).toMatchObject({ result: "removed", swept: [{ number: iid }] });
  expect(there()).not.toMatch(/^previews\//m);
}, 120_000);
