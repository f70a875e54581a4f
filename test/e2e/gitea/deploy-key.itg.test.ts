import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute, git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built command over SSH to a real Gitea, with a deploy key and nothing else: as docs/authentication.md says.
const sandbox = new Sandbox();
const known = join(sandbox.folder, "known_hosts");
let gitea: GiteaServer;
let ada: GiteaUser;
let location: string;
let app: string;

const values = "image:\n  tag: none # kept\n";

beforeAll(async () => {
  gitea = await GiteaServer.start({ ssh: true });
  ada = await gitea.user("ada", { admin: true });
  await gitea.repository(ada, "deployments", {
    "glu.yaml": `version: 1
environments:
  staging: {}
  production: { propose: true }
apps:
  web:
    repository: acme/web
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`,
    "apps/web/staging.yaml": values,
    "apps/web/production.yaml": values,
  });
  location = `ssh://git@127.0.0.1:${gitea.sshPort}/ada/deployments.git`;
  app = sandbox.makeFolder("web");
  const at = { cwd: app, env: sandbox.environment };
  await git(at, "init", "--quiet", "--initial-branch", "main");
  await git(at, "remote", "add", "origin", "https://git.test/acme/web.git");
  await git(at, "commit", "--quiet", "--allow-empty", "--message", "First");
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

/** A key that the repository lets in, as a file. */
async function deployKey(title: string, isReadOnly: boolean): Promise<string> {
  const file = join(sandbox.folder, title);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", title, "-f", file]);
  const key = readFileSync(`${file}.pub`, "utf8").trim();
  await gitea.api(ada, "POST", "/repos/ada/deployments/keys", { title, key, read_only: isReadOnly });
  return file;
}

/** The server's own key, as people get it before they trust it. */
async function hostKeys(): Promise<string> {
  for (let tries = 0; tries < 40; tries++) {
    const args = ["-T", "5", "-p", String(gitea.sshPort), "127.0.0.1"];
    const { stdout } = await execute("ssh-keyscan", args, { cwd: sandbox.folder, env: sandbox.environment });
    if (stdout.trim() !== "") return stdout;
    await sleep(250);
  }
  throw new Error(`the server shows no key: ${gitea.log()}`);
}

const glu = (key: string, ...args: string[]) =>
  execute("node", [join(root, "dist/glu.js"), ...args, "--config-repository", location, "-o", "json"], {
    cwd: app,
    env: {
      ...sandbox.environment,
      GIT_SSH_COMMAND: `ssh -F none -i '${key}' -o IdentitiesOnly=yes -o UserKnownHostsFile='${known}'`,
    },
  });

const file = async (path: string) => {
  const { content } = await gitea.api<{ content: string }>(ada, "GET", `/repos/ada/deployments/contents/${path}`);
  return Buffer.from(content, "base64").toString();
};

it("a deploy key that may write is all that artifacts, promotions, pins and rollbacks need", async () => {
  const key = await deployKey("writes", false);
  writeFileSync(known, "");
  const image = (version: string) => `web=registry.test/acme/web:${version}@sha256:${version[0]?.repeat(64)}`;
  const strange = await glu(key, "artifact", "create", "--app", "web", "--image", image("1.0.0"));
  expect([strange.exitCode, JSON.parse(strange.stdout)], strange.stderr).toEqual([
    2,
    expect.objectContaining({ code: "repository/host-key", fix: expect.stringContaining("known_hosts") }),
  ]);
  appendFileSync(known, await hostKeys());

  for (const version of ["1.0.0", "2.0.0"]) {
    const created = await glu(key, "artifact", "create", "--app", "web", "--image", image(version));
    expect(created.exitCode, created.stderr).toBe(0);
    const { id } = JSON.parse(created.stdout) as { id: string };
    const promoted = await glu(key, "promote", "--app", "web", "--environment", "staging", "--artifact", id);
    expect(promoted.exitCode, promoted.stderr + promoted.stdout).toBe(0);
    expect(await file("apps/web/staging.yaml")).toBe(values.replace("none", version));
  }
  const back = await glu(key, "rollback", "--app", "web", "--environment", "staging", "--reason", "errors");
  expect(back.exitCode, back.stderr + back.stdout).toBe(0);
  expect(await file("apps/web/staging.yaml")).toBe(values.replace("none", "1.0.0"));
  expect((await glu(key, "unpin", "web", "staging")).exitCode).toBe(0);

  // It opens no pull request: that is said, and nothing is left behind.
  const proposed = await glu(key, "promote", "--app", "web", "--environment", "production");
  expect(proposed.exitCode).toBe(2);
  expect(proposed.stdout).toContain("proposal/no-");
  const branches = await gitea.api<{ name: string }[]>(ada, "GET", "/repos/ada/deployments/branches");
  expect(branches.map(({ name }) => name)).toEqual(["main"]);
});

it("a deploy key that may only read tells what runs, and says that it may not write", async () => {
  const key = await deployKey("reads", true);
  writeFileSync(known, await hostKeys());
  const told = await glu(key, "status");
  expect(told.exitCode, told.stderr + told.stdout).toBe(0);
  const frozen = await glu(key, "freeze", "staging", "--reason", "audit");
  expect(frozen.exitCode, frozen.stdout).toBe(2);
  expect(JSON.parse(frozen.stdout)).toMatchObject({ code: "repository/read-only" });
});
