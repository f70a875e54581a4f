import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { actionMirror, gitlabMirror } from "../../scripts/release/mirrors.mjs";
import { writeRepository } from "../../scripts/release/repository.mjs";
import { TemporaryFolder } from "../measure/temporary.ts";
import { root } from "../ways/programs.ts";

/** Stands in links and stamps only. */
const version = "1.0.0";

export interface DownloadRow {
  what: string;
  files: number;
  /** Unpacked, and as a gzip tarball. */
  bytes: number;
  download: number;
}

/** What a runner downloads before it runs an action, and a GitLab job before it runs a component. */
export function measureDownloads(): DownloadRow[] {
  using out = new TemporaryFolder("glu-bench-download-");
  const actions = readdirSync(join(root, "actions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "build")
    .map(({ name }): [string, ReadonlyMap<string, Buffer | string>] => [
      `action ${name}`,
      actionMirror(root, name, version),
    ]);
  const all = [...actions, ["GitLab components", gitlabMirror(root, version)] as const];
  return [rootAction(), ...all.map(([what, files]) => ({ what, files: files.size, ...packed(out.path, files) }))];
}

function packed(out: string, files: ReadonlyMap<string, Buffer | string>): { bytes: number; download: number } {
  const source = { commit: "0".repeat(40), date: "1780000000 +0000" };
  return writeRepository(join(out, "mirror"), files, { title: "Measure", tags: [], source });
}

/** `uses: glu/actions`: this repository, as committed, without what is marked `export-ignore`. */
function rootAction(): DownloadRow {
  const archive = (format: string) =>
    execFileSync("git", ["archive", `--format=${format}`, "HEAD"], { cwd: root, maxBuffer: 1 << 28 });
  const listed = execFileSync("tar", ["-t"], { input: archive("tar"), encoding: "utf8" });
  const files = listed.split("\n").filter((path) => path !== "" && !path.endsWith("/")).length;
  return { what: "root action", files, bytes: archive("tar").length, download: archive("tar.gz").length };
}
