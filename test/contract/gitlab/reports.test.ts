import { expect, test } from "vitest";
import { digest, image, valuesOf, written } from "../delivery.ts";
import { token } from "../forge.ts";
import { Delivery } from "../github/delivery.ts";
import { runStep } from "../github/job.ts";
import { violations } from "../schemas.ts";
import { contentOf, filesBelow, leaksOf } from "../secrets.ts";
import { runComponent } from "./job.ts";

const dotenv = (text = "") =>
  Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );

test("a build and a promotion leave reports, outputs for later jobs, and no trace of the job token", async () => {
  await using delivery = await Delivery.start();
  const { forge, machine } = delivery;
  const sha = delivery.web.git("rev-parse", "main");
  const job = { forge, machine, project: "acme/web", sha };
  const given = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };
  const built = await runComponent(job, "artifact create", given);
  expect(built.exitCode, built.stderr).toBe(0);
  const env = dotenv(built.reports["glu.env"]);
  const { GLU_ARTIFACT_PATH: path = "", GLU_ARTIFACT_ID: id = "" } = env;
  expect(env).toMatchObject({
    GLU_IMAGE: `ghcr.io/acme/web:1.1.0@${digest("b")}`,
    GLU_DIGEST: digest("b"),
    GLU_STORE_REF: `refs/glu/artifacts/web:${id}`,
    GLU_ARTIFACT_DIGEST: expect.stringMatching(/^sha256:/),
    GLU_TRACEPARENT: expect.stringMatching(/^00-/),
  });
  const artifact = JSON.parse(built.reports[`web-${id}.json`]!) as { version: object };
  expect(path).toContain(`web-${id}.json`);
  expect(violations("artifact", artifact)).toEqual([]);

  const promoted = await runComponent(job, "promote", { "config-repository": "acme/config", artifact: path });
  expect(promoted.exitCode, promoted.stderr).toBe(0);
  expect(dotenv(promoted.reports["glu.env"])).toMatchObject({ GLU_RESULT: "promoted", GLU_COMMIT: delivery.tip });
  const outputs = JSON.parse(promoted.reports["outputs.json"]!) as Record<string, string>;
  expect(Object.keys(outputs)).toEqual([
    ...["result", "commit", "environments", "previous-artifact"],
    ...["pull-request-url", "pull-request-number", "decision"],
  ]);
  expect(violations("decision", JSON.parse(outputs.decision!))).toEqual([]);
  expect(JSON.parse(promoted.reports["result.json"]!)).toEqual(JSON.parse(outputs.decision!));
  const { Glu: links } = JSON.parse(promoted.reports["annotations.json"]!) as { Glu: { external_link: object }[] };
  expect(links.map(({ external_link }) => external_link)).toEqual([
    {
      label: `Release commit ${delivery.tip.slice(0, 7)}`,
      url: `${forge.origin}/acme/config/-/commit/${delivery.tip}`,
    },
    { label: "Run that decided: promoted", url: expect.stringContaining("/-/pipelines/") },
  ]);
  expect(promoted.reports["summary.md"]?.split("\n")[0]).toContain("web");
  expect(promoted.reports["summary.html"]).toMatch(/^<!doctype html>/i);
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));

  const held = await runComponent({ ...job, pipelineId: 901 }, "promote", {
    "config-repository": "acme/config",
    app: "web",
    environment: "production",
    artifact: path.replace("glu-report", "missing"),
  });
  expect(held.exitCode, "a file that is not there").toBe(2);
  expect(held.stderr).toContain("artifact/unreadable");

  // The job before has left its reports, as an artifact of an earlier stage would.
  expect(dotenv(held.reports["glu.env"])).toEqual({
    GLU_RESULT: "error",
    GLU_COMMIT: "",
    GLU_ENVIRONMENTS: "",
    GLU_PREVIOUS_ARTIFACT: "",
    GLU_PULL_REQUEST_NUMBER: "",
    GLU_PULL_REQUEST_URL: "",
  });
  expect(JSON.parse(held.reports["outputs.json"]!)).toMatchObject({ result: "error", decision: "" });
  expect(JSON.parse(held.reports["annotations.json"]!)).toMatchObject({ Glu: [{ external_link: {} }] });

  for (const { stdout, stderr } of [built, promoted, held]) {
    expect(leaksOf(token, { stdout, stderr, ...filesBelow(machine.folder), ...contentOf(delivery.config) })).toEqual(
      [],
    );
  }
  // The same commit is the same version on GitHub; only the address of its page is the forge's own.
  const onGithub = await runStep(delivery.appJob(), "build-artifact", given);
  const stored = delivery.config.git("show", `refs/glu/artifacts/web:${onGithub.outputs["artifact-id"]}/artifact.json`);
  expect({ ...(JSON.parse(stored) as { version: object }).version, url: "" }).toEqual({ ...artifact.version, url: "" });
});

test("a merge request builds its head; a source that is no delivery is a notice", async () => {
  await using delivery = await Delivery.start();
  const { forge, machine, web } = delivery;
  const head = web.push("feature/login", { "login.md": "Hello\n" });
  machine.checkOut(web, `${forge.origin}/acme/web.git`, "feature/login");
  const variables = {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_COMMIT_BRANCH: "",
    CI_COMMIT_SHA: "c".repeat(40),
    CI_MERGE_REQUEST_IID: "7",
    CI_MERGE_REQUEST_PROJECT_ID: "1",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1",
    CI_MERGE_REQUEST_PROJECT_URL: `${forge.origin}/acme/web`,
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature/login",
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
  };
  const job = { forge, machine, project: "acme/web", sha: head };
  const given = { app: "web", image: image("1.1.0", "b") };
  const built = await runComponent({ ...job, variables }, "artifact create", { ...given, "dry-run": "true " });
  expect(built.exitCode, built.stderr).toBe(0);
  expect(JSON.parse(built.reports["result.json"]!)).toMatchObject({
    result: "planned",
    artifact: { version: { event: "pr", sha: head, branch: "feature/login", targetBranch: "main" } },
  });
  // With the merge checked out alone the head is fetched; what the server gives is all that is told of it.
  machine.checkOut(web, `${forge.origin}/acme/web.git`);
  web.git("update-ref", "refs/merge-requests/7/head", head);
  web.git("branch", "-D", "feature/login");
  machine.git("-C", machine.workspace, "update-ref", "-d", "refs/remotes/origin/feature/login");
  machine.git("-C", machine.workspace, "gc", "--quiet", "--prune=now");
  const merged = await runComponent({ ...job, variables }, "artifact create", { ...given, "dry-run": "true " });
  expect(merged.exitCode, merged.stderr).toBe(0);
  expect(merged.reports["outputs.json"]).toBe(built.reports["outputs.json"]);
  expect(Object.keys(JSON.parse(merged.reports["annotations.json"]!) as object)).toEqual(["Glu"]);
  const ignored = { ...job, variables: { CI_PIPELINE_SOURCE: "external" } };
  const step = await runComponent(ignored, "artifact create", given);
  expect([step.exitCode, step.stderr]).toEqual([0, expect.stringMatching(/note: .*external/)]);
  expect(JSON.parse(step.reports["result.json"]!)).toMatchObject({ schema: "glu.notice.v1", result: "none" });
  const json = await runComponent(ignored, "artifact create", { ...given, output: "json" });
  expect(JSON.parse(json.stdout)).toMatchObject({ schema: "glu.notice.v1", result: "none" });
  expect(web.git("for-each-ref", "refs/glu")).toBe("");
});
