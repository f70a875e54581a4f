import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Acme } from "../acme/acme.ts";
import { makeMirrors } from "../delivery.ts";
import { git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { appToken, type OnGithub, promoteByHand, promoteOnRequest, pushToApp, token } from "./acme-on-github.ts";
import { DispatchApi } from "./dispatch-api.ts";

let sandbox: Sandbox;
let acme: Acme;
let api: DispatchApi;
let on: OnGithub;

beforeEach(async () => {
  sandbox = new Sandbox();
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  acme = await Acme.start(sandbox, { behaviour: { token } });
  for (const [tree, name] of [
    [acme.app, "frontend"],
    [acme.config, "deployments"],
  ] as const) {
    await git({ cwd: tree, env: sandbox.environment }, "remote", "add", "origin", `https://github.com/acme/${name}`);
  }
  api = await DispatchApi.start(appToken);
  on = { acme, mirrors: await makeMirrors(sandbox), api: api.url };
});
afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api[Symbol.asyncDispose]();
  await acme[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

test("a push to the app builds, records and asks; the config repository then promotes to staging, and on re-run nothing more", async () => {
  const build = await pushToApp(sandbox, on);

  expect(build.jobs, build.log).toEqual({ image: "success", artifact: "success", request: "success" });
  const [artifact] = await acme.artifacts();
  expect(api.dispatched).toEqual([
    { event_type: "glu-promote", client_payload: { app: "frontend", artifact: "latest" } },
  ]);

  const promote = await promoteOnRequest(sandbox, { ...on, run: { id: "7" } }, api.dispatched[0]!);
  expect(promote.jobs, promote.log).toEqual({ promote: "success" });
  expect(promote.steps.at(-1)?.outputs).toMatchObject({ result: "promoted", commit: await acme.tip() });
  expect(await acme.file("apps/frontend/envs/staging/values.yaml")).toContain("@");
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);
});
