import { spawnSync } from "node:child_process";
import { parse } from "node:path/posix";
import { plainGitEnvironment } from "@glu/testing/internal";

/** One commit of the branch, as Git tells it. */
export interface Commit {
  id: string;
  parents: readonly string[];
  /** Seconds since the epoch. */
  at: number;
  message: string;
  /** What it changed, and what is there then: undefined where it is no more. */
  changes: ReadonlyMap<string, string | undefined>;
}

function git(path: string, args: readonly string[], input = ""): Buffer {
  const done = spawnSync("git", args, { cwd: path, env: plainGitEnvironment, input, maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

/** All commits of main along first parents, oldest first; of the first, all its files. Two processes, however many. */
export function commitsOf(path: string): Commit[] {
  const format = "--format=%x01%H%x00%P%x00%ct%x00%B%x00";
  const args = ["log", "--first-parent", "--reverse", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "-r"];
  const told = git(path, [...args, format, "main"])
    .toString("utf8")
    .split("\x01")
    .slice(1);
  const read = told.map((text) => {
    const [id = "", parents = "", at = "", message = "", ...raw] = text.split("\0");
    const changed: [string, string][] = [];
    for (let index = 0; index + 1 < raw.length; index++) {
      const blob = /^\s*:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AMD]$/.exec(raw[index] ?? "")?.[1];
      if (blob !== undefined) changed.push([raw[++index] ?? "", blob]);
    }
    return { id, parents: parents.split(" ").filter(Boolean), at: Number(at), message, changed };
  });
  const blobs = blobsOf(path, new Set(read.flatMap(({ changed }) => changed.map(([, blob]) => blob))));
  return read.map(({ changed, ...commit }) => ({
    ...commit,
    changes: new Map(changed.map(([name, blob]) => [name, blobs.get(blob)])),
  }));
}

function blobsOf(path: string, names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const wanted = [...names].filter((name) => !/^0+$/.test(name));
  const out = git(path, ["cat-file", "--batch"], wanted.map((name) => `${name}\n`).join(""));
  const found = new Map<string, string>();
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    const [name = "", , size = ""] = out.subarray(at, end).toString().split(" ");
    found.set(name, out.subarray(end + 1, end + 1 + Number(size)).toString("utf8"));
    at = end + 2 + Number(size);
  }
  return found;
}

/** One `Glu-*` block of a message. */
export interface Block {
  request: string;
  app: string;
  environment: string;
  artifact: string | undefined;
  kind: string;
  reason: string | undefined;
  actor: string;
  /** Gates that were passed, as they stand there. */
  override: string | undefined;
}

/** The blocks of a message: they stand in its last paragraph, each from its request on. */
export function blocksOf(message: string): Block[] {
  const blocks: Record<string, string>[] = [];
  for (const line of message.trimEnd().split("\n\n").at(-1)?.split("\n") ?? []) {
    const [, key = "", value = ""] = /^Glu-([A-Z][a-z]+): (.*)$/.exec(line) ?? [];
    if (key === "Request") blocks.push({});
    const block = blocks.at(-1);
    if (key !== "" && block !== undefined) block[key] = value;
  }
  return blocks.map((block) => ({
    request: block.Request ?? "",
    app: block.App ?? "",
    environment: block.Environment ?? "",
    artifact: block.Artifact,
    kind: block.Kind ?? "",
    reason: block.Reason,
    actor: block.Actor ?? "",
    override: block.Override,
  }));
}

/** Of `.glu/<app>/<file>.json` its parts. */
export function placeOf(path: string): { app: string; name: string } {
  const { dir, name } = parse(path);
  return { app: dir.replace(".glu/", ""), name };
}
