import { cpSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { git } from "../process.ts";
import type { Sandbox } from "../sandbox.ts";

/**
 * Puts a folder as a bare repository below the root of a Git server, as a GitLab project with one commit and tags.
 * It answers what GitLab answers: partial fetches, and any commit by its id.
 *
 * @param project path such as `glu/actions`
 * @returns the id of the commit
 */
export async function publishProject(
  sandbox: Sandbox,
  server: string,
  project: string,
  folder: string,
  tags: readonly string[],
): Promise<string> {
  const running = { cwd: sandbox.makeFolder("projects", project), env: sandbox.environment };
  cpSync(folder, running.cwd, { recursive: true, filter: (path) => basename(path) !== ".git" });
  await git(running, "init", "-q", "-b", "main");
  await git(running, "add", "-A");
  await git(running, "commit", "-q", "-m", "Publish");
  for (const tag of tags) await git(running, "tag", tag);
  const bare = join(server, `${project}.git`);
  sandbox.makeFolder(dirname(bare).slice(sandbox.folder.length));
  await git(running, "clone", "-q", "--bare", running.cwd, bare);
  await git({ ...running, cwd: bare }, "config", "uploadpack.allowFilter", "true");
  await git({ ...running, cwd: bare }, "config", "uploadpack.allowAnySHA1InWant", "true");
  return git(running, "rev-parse", "HEAD");
}
