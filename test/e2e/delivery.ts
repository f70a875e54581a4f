import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execute, git } from "./process.ts";
import { root, type Sandbox } from "./sandbox.ts";

/** What the end-to-end tests deliver: one app, one image, one environment, promoted on a push to main. */
export const image = `web=ghcr.io/acme/web:1.1.0@sha256:${"b".repeat(64)}`;

const config = `version: 1
environments:
  staging:
    policy: { event: push, branch: main }
defaults:
  write:
    - yaml: apps/{{ app }}/envs/{{ env }}/values.yaml
      set:
        image.tag: "{{ images.web.tag }}"
apps:
  web:
    repository: acme/web
    images: { web: ghcr.io/acme/web }
`;

const values = "# Kept as it is.\nimage:\n  tag: 1.0.0   # and this\n";

/** The values file as a promotion of the image leaves it. */
export const promotedValues = values.replace("1.0.0", "1.1.0");

/** Makes the config repository, bare, and gives its path. */
export async function makeConfigRepository(sandbox: Sandbox, ...bare: string[]): Promise<string> {
  const tree = await makeWorkingTree(sandbox, "config", {
    "glu.yaml": config,
    "apps/web/envs/staging/values.yaml": values,
  });
  const path = join(sandbox.folder, ...bare);
  mkdirSync(dirname(path), { recursive: true });
  const running = { cwd: tree, env: sandbox.environment };
  await git(running, "clone", "-q", "--bare", tree, path);
  await git({ ...running, cwd: path }, "config", "http.receivepack", "true");
  await git({ ...running, cwd: path }, "config", "uploadpack.allowFilter", "true");
  return path;
}

/** A working tree with one commit, whose time is always the same. */
export async function makeWorkingTree(sandbox: Sandbox, name: string, files: Record<string, string>): Promise<string> {
  const tree = sandbox.makeFolder(name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  const date = "2026-01-02T03:04:05Z";
  const running = { cwd: tree, env: { ...sandbox.environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } };
  await git(running, "init", "-q", "-b", "main");
  await git(running, "add", "-A");
  await git(running, "commit", "-q", "-m", "Start");
  return tree;
}

/** Makes what a release publishes, from the committed bundle; gives the folder of the mirrors. */
export async function makeMirrors(sandbox: Sandbox): Promise<string> {
  const out = sandbox.makeFolder("mirrors");
  const script = join(root, "scripts/release.mjs");
  const running = { cwd: root, env: sandbox.environment };
  const { exitCode, stderr } = await execute("node", [script, "--dry-run", "--out", out], running);
  if (exitCode !== 0) throw new Error(stderr);
  return out;
}

/** What a runner downloads for `uses: glu/actions/…@<commit>`: the archive of this commit, without what it leaves out. */
export async function makeArchive(sandbox: Sandbox): Promise<string> {
  const folder = sandbox.makeFolder("archive");
  const file = `${folder}.tar`;
  await git({ cwd: root, env: sandbox.environment }, "archive", "--format=tar", "--output", file, "HEAD");
  const { exitCode, stderr } = await execute("tar", ["-xf", file, "-C", folder], {
    cwd: folder,
    env: sandbox.environment,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return folder;
}
