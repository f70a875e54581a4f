import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { plainGitEnvironment } from "@glu/testing/internal";
import { TemporaryFolder } from "../measure/temporary.ts";
import { generate } from "./generate.ts";
import { type Shape, version } from "./shape.ts";

/** Outside the repository, kept between runs; may be removed at any time. */
const cache = process.env.GLU_BENCH_CACHE ?? join(tmpdir(), "glu-bench");

/** The path of a bare repository of this shape; generated when it is not there yet. Never written to afterwards. */
export async function repositoryOf(shape: Shape): Promise<string> {
  const { files, commits, records, edges = false } = shape;
  const name = `v${version}-${files}-files-${commits}-commits-${records}-records${edges ? "-edges" : ""}`;
  const path = join(cache, `${name}.git`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  using folder = new TemporaryFolder("making-", cache);
  const making = join(folder.path, "repository.git");
  mkdirSync(making);
  run(making, ["init", "--quiet", "--bare", "--template=", "--object-format=sha1", "--initial-branch=main", "."]);
  await importInto(making, shape);
  // As a server keeps it: one pack with a bitmap, a commit graph, refs in one file.
  run(making, ["repack", "-a", "-d", "-q", "--write-bitmap-index", "--window=5"]);
  run(making, ["commit-graph", "write", "--reachable", "--no-progress"]);
  run(making, ["pack-refs", "--all"]);
  try {
    renameSync(making, path);
  } catch (error) {
    // Somebody else may have made the same meanwhile.
    if (!existsSync(path)) throw error;
  }
  return path;
}

async function importInto(path: string, shape: Shape): Promise<void> {
  const git = spawn("git", ["fast-import", "--quiet", "--done", "--depth=20"], {
    cwd: path,
    env: plainGitEnvironment,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => git.once("error", reject).once("close", resolve));
  await pipeline(Readable.from(inChunks(generate(shape))), git.stdin);
  const code = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}.`);
}

/** The same text in pieces that are worth a write each. */
function* inChunks(texts: Iterable<string>): Generator<Buffer> {
  let waiting: string[] = [];
  let length = 0;
  for (const text of texts) {
    waiting.push(text);
    length += text.length;
    if (length < 1 << 18) continue;
    yield Buffer.from(waiting.join(""));
    [waiting, length] = [[], 0];
  }
  yield Buffer.from(waiting.join(""));
}

/** Runs git and gives what it printed. */
export function run(cwd: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd,
    input,
    env: plainGitEnvironment,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${error ?? stderr}`);
  return stdout.toString("utf8").trimEnd();
}
