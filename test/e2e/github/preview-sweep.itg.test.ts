import { join } from "node:path";
import { expect, test } from "vitest";
import { example } from "../acme/files.ts";
import { makeMirrors, makeWorkingTree } from "../delivery.ts";
import { git } from "../process.ts";
import { jobToken } from "./job-permissions.ts";
import { sweepWorld } from "./sweep-world.ts";
import { runWorkflow } from "./workflow.ts";

test("the example's workflow sweeps by its schedule, plans by hand, and follows a branch that is deleted", async () => {
  await using at = await sweepWorld();
  const { sandbox } = at;
  // With the names that the repositories have here.
  const workflow = example("github/preview-sweep.yml")
    .replace("app: frontend", "app: web")
    .replaceAll("acme/previews", "acme/config");
  const tree = await makeWorkingTree(sandbox, "web", { ".github/workflows/preview-sweep.yml": workflow });
  const running = { cwd: tree, env: sandbox.environment };
  await git(running, "config", "remote.origin.url", "https://github.com/acme/web.git");
  const mirrors = await makeMirrors(sandbox);
  const run = (event: string, payload: object) =>
    runWorkflow(sandbox, {
      ...{ repository: tree, event, workflow: "preview-sweep.yml", payload },
      actions: { "glu/preview-down@v1": join(mirrors, "preview-down") },
      secrets: { GITHUB_TOKEN: jobToken(at.github, workflow), PREVIEWS_TOKEN: "token-of-previews-alone" },
      variables: { GITHUB_SERVER_URL: at.git.origin, GITHUB_API_URL: at.github.apiUrl, GITHUB_RUN_ID: "7" },
    });
  const [missed, branch, kept] = [await at.open(), await at.open(), await at.open()];
  for (const { number, sha } of [missed, branch, kept]) {
    const up = await at.preview("up", "web", `${number}`, "--sha", sha);
    expect(up.exitCode, up.stderr).toBe(0);
  }
  const repository = { full_name: "acme/web", default_branch: "main" };
  const sender = { login: "ada" };
  await at.close(missed);

  const plan = await run("workflow_dispatch", { ref: "refs/heads/main", inputs: { plan: "true" }, repository, sender });
  expect(plan.jobs, plan.log).toEqual({ sweep: "success" });
  expect(plan.steps.at(-1)?.outputs).toMatchObject({ result: "planned", swept: `web pr-${missed.number}` });
  expect(at.there()).toHaveLength(6);

  const swept = await run("schedule", { schedule: "43 * * * *", repository });
  expect(swept.jobs, swept.log).toEqual({ sweep: "success" });
  expect(swept.steps.at(-1)?.outputs).toMatchObject({
    ...{ result: "swept", kept: "2", commit: at.previews.tip("main"), degraded: "" },
  });
  expect(swept.steps.at(-1)?.summary).toContain("1 was closed at ");
  expect(at.there()).toHaveLength(4);

  await at.close(branch);
  const gone = await run("delete", { ref: branch.head, ref_type: "branch", repository, sender });
  expect(gone.jobs, gone.log).toEqual({ sweep: "success" });
  expect(gone.steps.at(-1)?.outputs).toMatchObject({ state: "removed", swept: `web pr-${branch.number}` });
  expect(at.there().every((path) => path.startsWith(`previews/web/pr-${kept.number}/`))).toBe(true);
  const tag = await run("delete", { ref: "v1", ref_type: "tag", repository, sender });
  expect(tag.steps).toEqual([]);
}, 300_000);
