import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { example } from "../acme/files.ts";
import { makeArchive } from "../delivery.ts";
import { execute, git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { AcmeOnGitea } from "./acme-on-gitea.ts";

// The forms by which people go back, pin and freeze, on a real Gitea with its real runner: the job's own token does it all.
const sandbox = new Sandbox();
let on: AcmeOnGitea;

const config = `version: 1
environments:
  production: {}
defaults:
  write:
    - yaml: "apps/{{ app }}/{{ env }}.yaml"
      set: { image.tag: "{{ images.web.tag }}" }
apps:
  frontend: { repository: acme/frontend, images: { web: registry.test/acme/frontend } }
`;
const pinFile = ".glu/frontend/production.pin.json";
// What people type is data.
const reason = "$(touch pwned) `x` 'z' \" <b> @grace ü";
const by = { reason, actor: { name: "acme", verified: true } };

beforeAll(async () => {
  on = await AcmeOnGitea.start(sandbox);
  const folder = await makeArchive(sandbox);
  const running = { cwd: folder, env: sandbox.environment };
  await git(running, "init", "-q", "-b", "main");
  await git(running, "add", "-A", "-f");
  await git(running, "commit", "-q", "-m", "Release");
  await on.publish(on.glu, "actions", folder);

  await on.server.repository(on.acme, "deployments", { "README.md": "What runs\n" });
  await on.add("deployments", {
    "glu.yaml": config,
    "apps/frontend/production.yaml": "image:\n  tag: 0.9.0 # ours\n",
    ".gitea/workflows/hold.yml": fromHere(example("github/config-hold.yml")),
    ".gitea/workflows/rollback.yml": fromHere(example("github/config-rollback.yml")),
  });
  await on.server.repository(on.acme, "frontend", { "README.md": "The frontend\n" });
  for (const version of ["1.0.0", "1.1.0"]) await release(version);
  await on.server.runner();
});
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

/** Its actions come from this server: the whole URL says so. */
function fromHere(workflow: string): string {
  const changed = workflow.replaceAll("uses: glu/", `uses: ${on.server.origin}/glu/`);
  if (changed === workflow) throw new Error("The example uses no action of ours.");
  return changed;
}

async function release(version: string): Promise<void> {
  const { origin } = on.server;
  const source = sandbox.makeFolder("source", version);
  await git({ cwd: source, env: sandbox.environment }, "clone", "-q", `${origin}/acme/frontend.git`, ".");
  const env = { ...sandbox.environment, GLU_TOKEN: on.acme.token, GLU_FORGE: "gitea" };
  const glu = async (...args: string[]) => {
    const done = await execute("node", [join(root, "dist/glu.js"), ...args], { cwd: source, env });
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
  };
  const image = `web=registry.test/acme/frontend:${version}@sha256:${"a".repeat(64)}`;
  await glu("artifact", "create", "--app", "frontend", "--image", image);
  const to = ["--app", "frontend", "--environment", "production", "--artifact", "latest"];
  await glu("promote", ...to, "--config-repository", `${origin}/acme/deployments.git`);
}

const json = async (path: string) => JSON.parse(await on.fileAt("main", path));
const hold = (inputs: Record<string, string>) =>
  on.dispatch("hold.yml", { app: "", artifact: "latest", until: "", environment: "production", reason, ...inputs });

it("people go back by the form: what ran before is there again, and pinned", async () => {
  const inputs = { environment: "production", app: "", to: "previous", reason };
  const log = await on.dispatch("rollback.yml", inputs);
  expect(log).toContain("frontend");
  expect(await on.fileAt("main", "apps/frontend/production.yaml")).toContain("tag: 1.0.0 # ours");
  expect((await json(".glu/frontend/production.json")).current).toMatchObject({ kind: "rollback", ...by });
  expect(await json(pinFile)).toMatchObject(by);
}, 240_000);

it("people unpin, pin, freeze and unfreeze by one form", async () => {
  await hold({ command: "unpin", app: "frontend" });
  await expect(on.fileAt("main", pinFile)).rejects.toThrow(/404/);
  await hold({ command: "pin", app: "all", until: "2h" });
  expect(await json(pinFile)).toMatchObject({ ...by, until: expect.any(String) });
  await hold({ command: "freeze", environment: "all" });
  expect(await json(".glu/_freeze/all.json")).toMatchObject({ ...by, scope: "all" });
  await hold({ command: "unfreeze", environment: "all" });
  await expect(on.fileAt("main", ".glu/_freeze/all.json")).rejects.toThrow(/404/);
}, 400_000);
