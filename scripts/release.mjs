// Makes what is published, as Git repositories in a folder: npm run release -- --dry-run [--out DIR] [--version X.Y.Z]
// It takes the files as they are committed; nothing leaves this machine.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { actionMirror, gitlabMirror } from "./release/mirrors.mjs";
import { writeRepository } from "./release/repository.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    out: { type: "string", default: ".cache/release" },
    version: { type: "string", default: nextVersion() },
  },
});
const { version } = values;

if (!values["dry-run"]) fail("Only --dry-run is there: it makes the repositories, and pushing them is up to you.");
const major = /^(\d+)\.\d+\.\d+$/.exec(version)?.[1];
if (major === undefined) fail(`The version is ${JSON.stringify(version)}; it must be three numbers, such as 1.2.3.`);

const changed = git("status", "--porcelain", "--", "LICENSE", "actions", "dist", "gitlab");
if (changed !== "") console.error(`These files are not committed, so this is no release yet:\n${changed}`);

const [commit, date] = git("log", "-1", "--format=%H %cd", "--date=raw").trim().split(/ (.*)/);
const out = resolve(root, values.out);
const actions = readdirSync(join(root, "actions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "build")
  .map(({ name }) => name);

for (const action of actions) {
  write(action, actionMirror(root, action, version), [`v${version}`, `v${major}`]);
}
// GitLab's catalog wants versions without a "v"; `@1` is a range there, and this tag where there is no catalog.
write("gitlab", gitlabMirror(root, version), [version, major]);

function write(name, files, tags) {
  const folder = join(out, name);
  const made = writeRepository(folder, files, { title: `Release ${version}`, tags, source: { commit, date } });
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  console.log(
    `${folder}: ${files.size} files, ${kilobytes(made.bytes)}, ${kilobytes(made.download)} to download, ` +
      `${tags.join(" and ")} at ${made.commit}`,
  );
}

/** The release that the version in package.json leads to: without `-alpha.1`. */
function nextVersion() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version.replace(/-.*/, "");
}

function git(...args) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" });
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
