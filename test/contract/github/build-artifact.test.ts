import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "@glu/core";
import { expect, test } from "vitest";
import { digest, image } from "../delivery.ts";
import { OneImageRegistry } from "../registry.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch, type GithubEvent, pullRequest, release, tag } from "./events.ts";
import { runStep, type Step } from "./job.ts";

const app = { app: "web", image: image("1.1.0", "b") };

/** The artifact that the next step of the job finds. */
function artifactOf(step: Step): Artifact {
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  const artifact = JSON.parse(readFileSync(step.outputs["artifact-path"]!, "utf8")) as Artifact;
  expect(violations("artifact", artifact)).toEqual([]);
  expect(artifact.id).toBe(step.outputs["artifact-id"]);
  return artifact;
}

test("a push makes an artifact in the repository itself, with all seven outputs and a file for later steps", async () => {
  await using delivery = await Delivery.start();
  const step = await runStep(delivery.appJob(), "build-artifact", app);
  const artifact = artifactOf(step);
  expect(step.outputs).toEqual({
    "artifact-id": expect.stringMatching(/^20260528t202640z-[0-9a-f]{12}$/),
    "artifact-digest": expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    "artifact-path": join(delivery.machine.temp, "glu", "web", `${artifact.id}.json`),
    image: `ghcr.io/acme/web:1.1.0@${digest("b")}`,
    digest: digest("b"),
    "store-ref": `refs/glu/artifacts/web:${artifact.id}`,
    traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
  });
  const stored = delivery.web.git("show", `refs/glu/artifacts/web:${artifact.id}/artifact.json`);
  expect(JSON.parse(stored)).toEqual(artifact);
  expect(artifact.version).toMatchObject({
    repositoryName: "acme/web",
    sha: delivery.web.git("rev-parse", "main"),
    branch: "main",
    event: "push",
    authorEmail: "seed@test.invalid",
  });
  expect(step.summary.split("\n")[0]).toContain("web 1.1.0 created");
});

test("the same run again gives the same id and stores nothing new", async () => {
  await using delivery = await Delivery.start();
  const first = await runStep(delivery.appJob(), "build-artifact", app);
  const tip = delivery.web.git("rev-parse", "refs/glu/artifacts/web");
  const again = await runStep(delivery.appJob({ attempt: 2 }), "build-artifact", app);
  expect(again.outputs).toEqual(first.outputs);
  expect(delivery.web.git("rev-parse", "refs/glu/artifacts/web")).toBe(tip);
  artifactOf(again);
});

test.each<[string, (shas: { main: string; merge: string; head: string }) => GithubEvent, object]>([
  ["a tag", ({ main }) => tag(main, "v1.1.0"), { event: "tag", tag: "v1.1.0" }],
  ["a release", ({ main }) => release(main, "v1.1.0"), { event: "release", tag: "v1.1.0" }],
  ["a workflow_dispatch", ({ main }) => dispatch(main), { event: "manual", branch: "main" }],
  [
    "a pull request",
    (shas) => pullRequest(shas),
    { event: "pr", branch: "feature/login", sourceBranch: "feature/login", targetBranch: "main" },
  ],
])("%s says what it is in the artifact", async (_name, eventOf, version) => {
  await using delivery = await Delivery.start();
  const { web, machine, forge } = delivery;
  const main = web.git("rev-parse", "main");
  const head = web.push("feature/login", { "login.md": "Hello\n" });
  machine.checkOut(web, `${forge.origin}/acme/web.git`, "feature/login");
  const event = eventOf({ main, head, merge: "c".repeat(40) });
  const artifact = artifactOf(await runStep(delivery.appJob({}, event), "build-artifact", app));
  const sha = event.name === "pull_request" ? head : main;
  expect(artifact.version).toMatchObject({ ...version, repositoryName: "acme/web", sha });
});

/** What `actions/checkout` leaves of a pull request by default: its merge, one commit deep. */
function checkOutMerge({ web, machine, forge }: Delivery) {
  const main = web.git("rev-parse", "main");
  const head = web.push("feature/login", { "login.md": "Hello\n" }, "Let people in\n");
  web.git("update-ref", "refs/pull/7/head", head);
  web.git("branch", "-D", "feature/login");
  machine.checkOut(web, `${forge.origin}/acme/web.git`);
  // A clone of a folder takes all of its objects along.
  machine.git("-C", machine.workspace, "gc", "--quiet", "--prune=now");
  return { head, main, merge: "c".repeat(40) };
}

test.each(["pull_request", "pull_request_target"])(
  "a %s whose head is not checked out makes its artifact",
  async (name) => {
    await using delivery = await Delivery.start();
    const shas = checkOutMerge(delivery);
    const event = { ...pullRequest(shas), name };
    const artifact = artifactOf(await runStep(delivery.appJob({}, event), "build-artifact", app));
    expect(artifact.version).toMatchObject({
      sha: shas.head,
      message: "Let people in",
      authorName: "Seed",
      event: "pr",
    });
  },
);

test("a head that cannot be read is an error that says what to check out, and a notice on a fork", async () => {
  await using delivery = await Delivery.start();
  const shas = checkOutMerge(delivery);
  const job = delivery.appJob({ token: undefined }, pullRequest(shas));
  const step = await runStep(job, "build-artifact", app);
  expect(step.exitCode).toBe(2);
  const error = step.commands.find(({ name }) => name === "error");
  expect(error?.properties.title).toBe("source/no-commit");
  expect(error?.message).toContain("fetch-depth: 2");
  const onFork = { ...job, event: pullRequest(shas, { fork: true }) };
  const forked = await runStep(onFork, "build-artifact", app);
  expect(forked.exitCode, forked.stdout).toBe(0);
  expect(forked.commands.find(({ name }) => name === "notice")?.message).toContain("nothing was done");
});

test.each([
  ["merge_group", { name: "merge_group", ref: "refs/heads/main", payload: {} }],
  ["a deleted branch", { name: "push", ref: "refs/heads/old", payload: { after: "0".repeat(40) } }],
])("%s makes no artifact: a notice, and the job goes on", async (_name, event) => {
  await using delivery = await Delivery.start();
  const sha = delivery.web.git("rev-parse", "main");
  const step = await runStep(delivery.appJob({}, { ...event, sha }), "build-artifact", app);
  expect(step.exitCode).toBe(0);
  expect(step.commands).toContainEqual(expect.objectContaining({ name: "notice" }));
  expect(step.summary.split("\n")[0]).toContain("makes no release artifact");
  expect(delivery.web.git("for-each-ref", "refs/glu")).toBe("");
});

test("a dry run makes the artifact and stores nothing", async () => {
  await using delivery = await Delivery.start();
  const step = await runStep(delivery.appJob(), "build-artifact", { ...app, "dry-run": "true" });
  artifactOf(step);
  expect(step.outputs["store-ref"]).toBe("");
  expect(delivery.web.git("for-each-ref", "refs/glu")).toBe("");
});

test("an image by tag is resolved in its registry; one that is not there fails and stores nothing", async () => {
  await using delivery = await Delivery.start();
  await using registry = await OneImageRegistry.start();
  const found = await runStep(delivery.appJob(), "build-artifact", { app: "web", image: `web=${registry.name}:1.1.0` });
  expect(artifactOf(found).images.web).toEqual({
    name: registry.name,
    tag: "1.1.0",
    digest: registry.digest,
    ref: `${registry.name}:1.1.0@${registry.digest}`,
  });
  const tip = delivery.web.git("rev-parse", "refs/glu/artifacts/web");
  const job = delivery.appJob({ runId: 4712 });
  const missing = await runStep(job, "build-artifact", { app: "web", image: `web=${registry.name}:9.9.9` });
  expect(missing.exitCode).toBe(4);
  expect(missing.commands).toContainEqual(
    expect.objectContaining({ name: "error", properties: { title: "registry/not-found" } }),
  );
  expect(missing.outputs).toEqual({});
  expect(delivery.web.git("rev-parse", "refs/glu/artifacts/web")).toBe(tip);
});

test("several images, items, values and manifests travel in the artifact as they were given", async () => {
  await using delivery = await Delivery.start();
  const { workspace } = delivery.machine;
  mkdirSync(join(workspace, ".glu"));
  writeFileSync(join(workspace, ".glu/staging.yaml"), "app: web\nenv: staging\nvalues: { replicas: 2 }\n");
  writeFileSync(join(workspace, ".glu/production.yaml"), "app: web\nenv: production\nnamespace: live\n");
  writeFileSync(join(workspace, "build.env"), '# From the build\nREGION=us\nOWNER="the team"\n');
  const step = await runStep(delivery.appJob(), "build-artifact", {
    app: "web",
    image: `web=ghcr.io/acme/web:1.1.0@${digest("b")}\njobs=ghcr.io/acme/jobs@${digest("c")}`,
    item: 'tests=https://ci.test/1?a=b,c\n{"name":"coverage","percent":91.5}',
    var: "REGION=eu\nNOTE=a=b, and $HOME stays",
    "var-file": "build.env",
    manifests: ".glu/*.yaml",
  });
  expect(artifactOf(step)).toMatchObject({
    images: { web: { tag: "1.1.0" }, jobs: { ref: `ghcr.io/acme/jobs@${digest("c")}` } },
    items: [
      { name: "tests", url: "https://ci.test/1?a=b,c" },
      { name: "coverage", percent: 91.5 },
    ],
    vars: { REGION: "eu", NOTE: "a=b, and $HOME stays", OWNER: "the team" },
    environments: [
      { app: "web", env: "production", namespace: "live" },
      { app: "web", env: "staging", values: { replicas: 2 } },
    ],
  });
  expect(step.outputs.image).toBe(`ghcr.io/acme/web:1.1.0@${digest("b")}`);
});

test("with a config repository the artifact is stored there, after app and images were found declared", async () => {
  await using delivery = await Delivery.start();
  const given = { ...app, "config-repository": "acme/config" };
  const step = await runStep(delivery.appJob(), "build-artifact", given);
  const { id } = artifactOf(step);
  expect(delivery.config.git("ls-tree", "--name-only", "refs/glu/artifacts/web")).toBe(id);
  expect(delivery.web.git("for-each-ref", "refs/glu")).toBe("");
  const before = delivery.config.git("for-each-ref");

  const unknown = await runStep(delivery.appJob(), "build-artifact", { ...given, app: "wep" });
  expect(unknown.exitCode).toBe(2);
  expect(unknown.commands.find(({ name }) => name === "error")?.message).toContain("web");
  const undeclared = await runStep(delivery.appJob(), "build-artifact", {
    ...given,
    image: `web=ghcr.io/mallory/web:1.1.0@${digest("b")}`,
  });
  expect(undeclared.exitCode).toBe(2);
  expect(undeclared.commands.find(({ name }) => name === "error")?.properties.title).toBe("images/undeclared");
  expect(delivery.config.git("for-each-ref")).toBe(before);
  expect(delivery.web.git("for-each-ref", "refs/glu")).toBe("");
});

test("artifact-repository wins over config-repository, and artifacts.ref may lie among the branches", async () => {
  const yaml = `version: 1
artifacts: { store: git, ref: refs/heads/glu-artifacts }
environments: { staging: {} }
apps:
  web:
    images: { web: ghcr.io/acme/web }
    write:
      - yaml: values.yaml
        set: { tag: "{{ images.web.tag }}" }
`;
  await using delivery = await Delivery.start({ files: { "glu.yaml": yaml } });
  const given = { ...app, "config-repository": "acme/config" };
  const step = await runStep(delivery.appJob(), "build-artifact", given);
  expect(step.outputs["store-ref"]).toBe(`refs/heads/glu-artifacts/web:${artifactOf(step).id}`);
  expect(delivery.config.git("for-each-ref", "--format=%(refname)")).toBe(
    "refs/heads/glu-artifacts/web\nrefs/heads/main",
  );
  const elsewhere = await runStep(delivery.appJob(), "build-artifact", { ...given, "artifact-repository": "acme/web" });
  expect(elsewhere.exitCode, elsewhere.stdout).toBe(0);
  expect(delivery.web.git("for-each-ref", "--format=%(refname)")).toContain("refs/heads/glu-artifacts/web");
});
