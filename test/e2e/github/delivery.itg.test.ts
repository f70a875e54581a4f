import { join } from "node:path";
import { expect, test } from "vitest";
import { image, makeConfigRepository, makeMirrors, makeWorkingTree, promotedValues } from "../delivery.ts";
import { git } from "../process.ts";
import { Sandbox } from "../sandbox.ts";
import { runWorkflow } from "./workflow.ts";

const workflow = (config: string) => `
on: push
jobs:
  deliver:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - id: build
        uses: glu/build-artifact@v1
        with:
          app: web
          image: "${image}"
          config-repository: ${config}
      - id: promote
        uses: glu/promote@v1
        with:
          app: web
          artifact: \${{ steps.build.outputs.artifact-id }}
          config-repository: ${config}
`;

test("the published actions record an artifact and promote it, and the same run again changes nothing", async () => {
  using sandbox = new Sandbox();
  const config = await makeConfigRepository(sandbox, "config.git");
  const mirrors = await makeMirrors(sandbox);
  const repository = await makeWorkingTree(sandbox, "web", { ".github/workflows/deliver.yml": workflow(config) });
  const running = { cwd: repository, env: sandbox.environment };
  await git(running, "remote", "add", "origin", "https://github.com/acme/web");
  const sha = await git(running, "rev-parse", "HEAD");
  const request = {
    repository,
    event: "push",
    payload: { ref: "refs/heads/main", after: sha, repository: { full_name: "acme/web", default_branch: "main" } },
    actions: {
      "glu/build-artifact@v1": join(mirrors, "build-artifact"),
      "glu/promote@v1": join(mirrors, "promote"),
    },
  };

  const first = await runWorkflow(sandbox, request);
  expect(first.jobs, first.log).toEqual({ deliver: "success" });
  const [build, promote] = first.steps.slice(1);
  expect(build?.outputs["artifact-id"]).toMatch(/^20260102t030405z-[0-9a-f]{12}$/);
  expect(promote?.outputs).toMatchObject({ result: "promoted" });
  expect(promote?.summary).toContain("staging");
  const bare = { cwd: config, env: sandbox.environment };
  expect(await git(bare, "show", "main:apps/web/envs/staging/values.yaml")).toBe(promotedValues.trim());

  const tip = await git(bare, "rev-parse", "main");
  expect(promote?.outputs.commit).toBe(tip);
  const second = await runWorkflow(sandbox, request);
  expect(second.jobs, second.log).toEqual({ deliver: "success" });
  expect(await git(bare, "rev-parse", "main")).toBe(tip);
});
