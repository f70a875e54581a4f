import { join } from "node:path";
import { expect, test } from "vitest";
import { example } from "../acme/files.ts";
import { makeMirrors, makeWorkingTree } from "../delivery.ts";
import { git } from "../process.ts";
import { publishProject } from "./component-project.ts";
import { ConfigJobs } from "./config-jobs.ts";
import { runPipeline } from "./pipeline.ts";
import { config, template } from "./preview-files.ts";

test("the example's pipeline sweeps by its schedule, and does not run on a push", async () => {
  await using jobs = await ConfigJobs.start({ "glu.yaml": config, "preview-templates/web/web.yaml": template });
  const { gitlab, sandbox } = jobs;
  await publishProject(
    sandbox,
    join(sandbox.folder, "git"),
    "glu/actions",
    join(await makeMirrors(sandbox), "gitlab"),
    ["1.0.0", "1"],
  );
  const pipeline = example("gitlab/preview-sweep.gitlab-ci.yml")
    .replace("app: frontend", "app: web")
    .replaceAll("acme/previews", gitlab.project);
  const tree = await makeWorkingTree(sandbox, "web", { ".gitlab-ci.yml": pipeline });
  await git(
    { cwd: tree, env: sandbox.environment },
    ...["config", "remote.origin.url", `${jobs.origin}/${gitlab.project}.git`],
  );
  const ada = gitlab.user("ada", "developer");
  const glu = gitlab.user("project_3_bot", "maintainer");
  const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
  const open = async (branch: string) => {
    gitlab.repository.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
    const sha = gitlab.repository.push(branch, { "a.txt": branch });
    const opened = await gitlab.api(ada, "POST", at, { source_branch: branch, target_branch: "main", title: "X" });
    const { iid } = opened as { iid: number };
    const up = await jobs.run(["preview", "up", "web", String(iid), "--sha", sha], { GLU_TOKEN: glu.token });
    expect(up.exitCode, up.stderr).toBe(0);
    return iid;
  };
  const [missed, kept] = [await open("one"), await open("two")];
  await gitlab.api(ada, "PUT", `${at}/${missed}`, { state_event: "close" });
  const run = (source: string) =>
    runPipeline(sandbox, {
      project: tree,
      variables: {
        ...{ CI_PIPELINE_SOURCE: source, GLU_TOKEN: glu.token, GITLAB_USER_LOGIN: "ada" },
        ...{ CI_API_V4_URL: jobs.apiBeside(), CI_PROJECT_ID: "3" },
      },
    });
  expect((await run("push")).jobs).toEqual({});
  const swept = await run("schedule");
  expect(swept.jobs, swept.log).toEqual({ "preview-sweep": "PASS" });
  const report = swept.artifact("preview-sweep", "glu-report/glu.env") ?? "";
  expect(report).toContain("GLU_RESULT=swept");
  expect(report).toContain(`GLU_SWEPT=web pr-${missed}`);
  expect(swept.log).toContain(`#${missed} was closed by ada`);
  const there = gitlab.repository.git("ls-tree", "-r", "--name-only", "main");
  expect(there).toContain(`previews/web/pr-${kept}/web.yaml`);
  expect(there).not.toContain(`previews/web/pr-${missed}/`);
}, 300_000);
