import { expect, test } from "vitest";
import { FakeGitlab } from "../../../packages/forges/test/fake-gitlab.ts";
import { FakeServer } from "../../../packages/forges/test/fake-server.ts";
import { config, image, valuesOf, written } from "../delivery.ts";
import { token } from "../forge.ts";
import { Delivery } from "../github/delivery.ts";
import { runStep } from "../github/job.ts";
import { runComponent } from "./job.ts";

const gated = config.replace(
  "    policy: { event: push, branch: main }\n",
  `    policy: { event: push, branch: main }
    gates: [{ workflow: { repository: acme/smoke, inputs: { image: "{{ images.web.ref }}" }, wait: 0s } }]
`,
);

test("a promotion on GitLab starts a pipeline of another project, and goes when that has succeeded", async () => {
  const gitlab = new FakeGitlab("/api/v4/projects/acme%2Fsmoke", { [token]: "api" });
  await using api = await FakeServer.start((call) => {
    // Whose job it is, is not known there.
    return call.path === "/api/v4/job" ? { status: 401 } : gitlab.answer(call);
  });
  await using delivery = await Delivery.start({ files: { "glu.yaml": gated } });
  const { forge, machine } = delivery;
  forge.server.behaviour.beside = { path: "/api/v4", origin: api.url };
  const there = { "config-repository": "acme/config" };
  const built = await runStep(delivery.appJob(), "build-artifact", {
    app: "web",
    image: image("1.1.0", "b"),
    ...there,
  });
  expect(built.exitCode, built.stdout).toBe(0);
  machine.checkOut(delivery.config, `${forge.origin}/acme/config.git`);
  let pipelineId = 900;
  const promote = () =>
    runComponent(
      {
        forge,
        machine,
        project: "acme/config",
        sha: delivery.tip,
        pipelineId: pipelineId++,
        variables: { GLU_TOKEN: token },
      },
      "promote",
      {},
    );

  const held = await promote();
  expect(held.exitCode, held.stderr).toBe(0);
  const page = "https://gitlab.example/acme/team/config/-/pipelines/61";
  expect(held.stdout + held.stderr).toContain(`the pipeline of acme/smoke has been waiting`);
  const { Glu: links } = JSON.parse(held.reports["annotations.json"]!) as { Glu: { external_link: object }[] };
  expect(links.map(({ external_link }) => external_link)).toContainEqual({
    label: "workflow: web → staging",
    url: page,
  });
  expect(gitlab.pipelines).toMatchObject([{ name: expect.stringMatching(/^web\/staging\//) }]);
  expect(api.unmodelled).toBe(0);

  gitlab.pipelines = gitlab.pipelines.map((one) => ({ ...one, status: "success" }));
  const promoted = await promote();
  expect(promoted.exitCode, promoted.stderr).toBe(0);
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
  expect(gitlab.pipelines).toHaveLength(1);
});
