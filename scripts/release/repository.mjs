// A mirror: a folder as a Git repository of one commit, with the tag of the release and the moving one.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes the files and commits them. The same files, source and date give the same commit.
 *
 * @param files content by path; a script (`#!`) becomes executable
 * @param tags names of tags on the commit
 * @param source the commit the release was made of, and its date as `<unix seconds> <zone>`
 * @returns the commit, the number of bytes, and of bytes as a runner downloads them
 */
export function writeRepository(folder, files, { title, tags, source }) {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (content.toString().startsWith("#!")) chmodSync(join(folder, path), 0o755);
  }
  // Nothing of this machine's configuration gets into the commit.
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Glu Actions",
    GIT_AUTHOR_EMAIL: "release@glu.invalid",
    GIT_COMMITTER_NAME: "Glu Actions",
    GIT_COMMITTER_EMAIL: "release@glu.invalid",
    GIT_AUTHOR_DATE: source.date,
    GIT_COMMITTER_DATE: source.date,
  };
  const git = (...args) => execFileSync("git", args, { cwd: folder, env, maxBuffer: 1 << 28 });
  git("init", "--quiet", "--template=", "--initial-branch=main");
  git("-c", "core.autocrlf=false", "add", "--all", "--force");
  git("commit", "--quiet", "--message", `${title}\n\nSource: ${source.commit}\n`);
  for (const tag of tags) git("tag", tag);
  return {
    commit: git("rev-parse", "HEAD").toString().trim(),
    bytes: [...files.keys()].reduce((sum, path) => sum + statSync(join(folder, path)).size, 0),
    download: git("archive", "--format=tar.gz", "HEAD").length,
  };
}
