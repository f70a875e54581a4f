import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Acme } from "../acme/acme.ts";
import { example } from "../acme/files.ts";
import { recordArtifact } from "../acme/record-artifact.ts";
import { releaseTwice } from "../acme/two-releases.ts";
import { makeArchive, makeMirrors } from "../delivery.ts";
import { runOnGitea } from "../gitea/action-step.ts";
import { root, Sandbox } from "../sandbox.ts";
import {
  appToken,
  type OnGithub,
  promoteByHand,
  promoteOnRequest,
  promoteOnSchedule,
  pushToApp,
  rollBackByHand,
  runByForm,
  token,
} from "./acme-on-github.ts";
import { DispatchApi } from "./dispatch-api.ts";

const build = ".github/workflows/build.yml";
const promote = ".github/workflows/promote.yml";
const used = "uses: glu/promote@v1\n";

let published: Sandbox;
let mirrors: string;
let sandbox: Sandbox;
let acme: Acme;
let api: DispatchApi;
let on: OnGithub;

beforeAll(async () => {
  published = new Sandbox();
  mirrors = await makeMirrors(published);
});
afterAll(() => published[Symbol.dispose]());
beforeEach(async () => {
  sandbox = new Sandbox();
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  acme = await Acme.start(sandbox, { behaviour: { token } });
  await acme.cloneFrom("https://github.com");
  api = await DispatchApi.start(appToken);
  on = { acme, mirrors, api: api.url };
});
afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api[Symbol.asyncDispose]();
  await acme[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const form = (environment: string, artifact = "latest") => ({
  app: "frontend",
  environment,
  artifact,
  reason: `$(touch ${sandbox.folder}/pwned) \`x\` \${{ github.token }} 'z' "`,
});

test("a push builds, records and asks; on request its artifact goes to staging; the same run again changes nothing", async () => {
  const built = await pushToApp(sandbox, on);
  expect(built.jobs, built.log).toEqual({ image: "success", artifact: "success", request: "success" });
  const [artifact] = await acme.artifacts();
  expect(api.dispatched.map((dispatch) => dispatch.event_type)).toEqual(["glu-promote"]);

  const first = await promoteOnRequest(sandbox, { ...on, run: { id: "7" } }, api.dispatched[0]!);
  expect(first.jobs, first.log).toEqual({ promote: "success" });
  const tip = await acme.tip();
  expect(first.steps.at(-1)?.outputs).toMatchObject({ result: "promoted", commit: tip });
  const path = "apps/frontend/envs/staging/values.yaml";
  const commit = await acme.git("frontend", "rev-parse", "main");
  expect(await acme.file(path)).toContain(`  tag: "${commit}" # set by Glu\n`);
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);

  const again = await promoteOnRequest(sandbox, { ...on, run: { id: "7", attempt: "2" } }, api.dispatched[0]!);
  expect(again.jobs, again.log).toEqual({ promote: "success" });
  expect(again.steps.at(-1)?.outputs).toMatchObject({ commit: tip });
  expect(await acme.tip()).toBe(tip);
});

test("what staging has not released is held for production: the job fails with exit code 3, and its summary says why", async () => {
  await recordArtifact(sandbox, acme);
  const before = await acme.tip();

  const held = await promoteByHand(sandbox, on, form("production", (await acme.artifacts())[0]));

  expect(held.jobs, held.log).toEqual({ promote: "failure" });
  const step = held.steps.at(-1);
  expect(held.log).toContain('"msg":"exit status 3"');
  expect(step?.outputs).toMatchObject({ result: "held", commit: "" });
  expect(step?.summary).toContain("held: frontend 2.0.0 → production: was not released in staging");
  expect(await acme.tip()).toBe(before);
});

test("people promote by the form: who and why are in the record, and what they typed is data", async () => {
  await recordArtifact(sandbox, acme);

  const run = await promoteByHand(sandbox, on, form("staging"));

  expect(run.jobs, run.log).toEqual({ promote: "success" });
  const release = await acme.releaseOf("staging");
  expect(release).toMatchObject({ actor: { name: "ada", verified: true }, reason: form("staging").reason });
  expect(existsSync(join(sandbox.folder, "pwned"))).toBe(false);
});

test("a schedule lets the policies decide", async () => {
  await recordArtifact(sandbox, acme);

  const run = await promoteOnSchedule(sandbox, on);

  expect(run.jobs, run.log).toEqual({ promote: "success" });
  expect((await acme.releaseOf("staging")).artifact.id).toBe((await acme.artifacts())[0]);
});

test("people go back by the form of another workflow: what ran before is there again, and pinned", async () => {
  await acme.change("deployments", { ".github/workflows/rollback.yml": example("github/config-rollback.yml") });
  await releaseTwice(sandbox, acme);
  const reason = form("staging").reason;

  const run = await rollBackByHand(sandbox, on, { environment: "staging", app: "frontend", to: "previous", reason });

  expect(run.jobs, run.log).toEqual({ rollback: "success" });
  expect(await acme.releaseOf("staging")).toMatchObject({ kind: "rollback", reason, actor: { name: "ada" } });
  expect(await acme.file("apps/frontend/envs/staging/values.yaml")).toContain('tag: "1.0.0"');
  expect(JSON.parse(await acme.file(".glu/frontend/staging.pin.json"))).toMatchObject({ reason });
  expect(run.steps.at(-1)?.summary).toContain("rolled back: frontend to 1.0.0 → staging");
  expect(existsSync(join(sandbox.folder, "pwned"))).toBe(false);
});

test("people pin and freeze by one form, and those whom the config names promote past it by another", async () => {
  const glu = `${await acme.file("glu.yaml")}\nbreak-glass: { gates: [freeze, pin], users: [ada] }\n`;
  await acme.change("deployments", {
    "glu.yaml": glu,
    ".github/workflows/hold.yml": example("github/config-hold.yml"),
    ".github/workflows/break-glass.yml": example("github/config-break-glass.yml"),
  });
  await releaseTwice(sandbox, acme);
  const { reason } = form("staging");
  const by = { ...on, actions: { "glu/actions@v1": await makeArchive(sandbox) } };
  const empty = { app: "", artifact: "latest", until: "" };
  const hold = (inputs: Record<string, string>) => runByForm(sandbox, by, "hold.yml", { ...empty, reason, ...inputs });

  const pinned = await hold({ command: "pin", environment: "staging", app: "all", artifact: "1.0.0" });
  expect(pinned.jobs, pinned.log).toEqual({ hold: "success" });
  const actor = { name: "ada", verified: true };
  expect(JSON.parse(await acme.file(".glu/frontend/staging.pin.json"))).toMatchObject({ reason, actor });
  const frozen = await hold({ command: "freeze", environment: "all", until: "2h" });
  expect(frozen.jobs, frozen.log).toEqual({ hold: "success" });
  const glass = { environment: "staging", app: "frontend", artifact: "latest", override: "freeze, pin", reason };
  // A newer one is what pin and freeze are in the way of.
  await acme.change("frontend", { VERSION: "3.0.0\n" });
  const image = `web=ghcr.io/acme/frontend:3.0.0@sha256:${"c".repeat(64)}`;
  const built = { app: "frontend", image };
  await runOnGitea(sandbox, acme, {
    ...{ action: "build-artifact", repository: "frontend", event: "push", inputs: built, run: "3" },
  });
  const over = await runByForm(sandbox, on, "break-glass.yml", glass);
  expect(over.jobs, over.log).toEqual({ "break-glass": "success" });
  expect(await acme.releaseOf("staging")).toMatchObject({
    kind: "override",
    overrides: [{ gate: "pin" }, { gate: "freeze" }],
  });
  expect(over.steps.at(-1)?.summary).toContain("Break-glass: frontend in staging runs");
  const unpinned = await hold({ command: "unpin", environment: "staging", app: "frontend" });
  expect(unpinned.jobs, unpinned.log).toEqual({ hold: "success" });
  const thawed = await hold({ command: "unfreeze", environment: "all" });
  expect(thawed.jobs, thawed.log).toEqual({ hold: "success" });
  await expect(acme.file(".glu/frontend/staging.pin.json")).rejects.toThrow();
  await expect(acme.file(".glu/_freeze/all.json")).rejects.toThrow();
  expect(existsSync(join(sandbox.folder, "pwned"))).toBe(false);
});

describe("the config repository's workflow does the same", () => {
  const published = example("github/config-promote.yml");
  const variants: [string, string][] = [
    ["as the action's README has it", fromReadme("promote")],
    [
      "by the action in a checkout",
      published.replace(
        `- id: promote\n        ${used}`,
        `- uses: actions/checkout@v6\n      - id: promote\n        uses: ./actions/promote\n`,
      ),
    ],
    [
      "by the action of a commit of this repository",
      published.replace(used, `uses: glu/actions/actions/promote@${"a".repeat(40)}\n`),
    ],
    [
      "by the root action in a checkout",
      published
        .replace(
          `- id: promote\n        ${used}`,
          `- uses: actions/checkout@v6\n      - id: promote\n        uses: ./\n`,
        )
        .replace("with:\n", "with:\n          command: promote\n"),
    ],
  ];

  test.each(variants)("%s", async (_name, workflow) => {
    expect(workflow).not.toBe(published);
    await acme.change("deployments", { [promote]: workflow });
    for (const path of ["dist", "actions/promote/action.yml", "action.yml"]) {
      cpSync(join(root, path), join(acme.config, path), { recursive: true });
    }
    await recordArtifact(sandbox, acme);

    const actions = { [`glu/actions@${"a".repeat(40)}`]: await makeArchive(sandbox) };
    const run = await promoteByHand(sandbox, { ...on, actions }, form("staging"));

    expect(run.jobs, run.log).toEqual({ promote: "success" });
    expect((await acme.releaseOf("staging")).artifact.id).toBe((await acme.artifacts())[0]);
  });
});

test("build-artifact asks for its very artifact, by the workflow of its README", async () => {
  const workflow = fromReadme("build-artifact").replace(
    "image: web=ghcr.io/acme/frontend:${{ github.sha }}\n",
    // With a digest, for there is no registry; and with the two inputs that its text names.
    `image: web=ghcr.io/acme/frontend:\${{ github.sha }}@sha256:${"d".repeat(64)}
          request: acme/deployments
          token: \${{ secrets.GLU_TOKEN }}
`,
  );
  await acme.change("frontend", { [build]: workflow });
  acme.server.behaviour.token = appToken;

  const run = await pushToApp(sandbox, on);

  expect(run.jobs, run.log).toEqual({ artifact: "success" });
  const [artifact] = await acme.artifacts();
  expect(api.dispatched).toEqual([{ event_type: "glu-promote", client_payload: { app: "frontend", artifact } }]);
});

/** The first workflow in an action's README. */
function fromReadme(action: string): string {
  const text = readFileSync(join(root, "actions", action, "README.md"), "utf8");
  const workflow = /^```yaml\n(name: .*?)^```$/ms.exec(text)?.[1];
  if (workflow === undefined) throw new Error(`The README of ${action} has no workflow.`);
  return workflow;
}
