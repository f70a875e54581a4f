// The smallest change there is, by the adapter alone: node bare-commit.js <URL> <path> <folder> <tag>
// One file is read, one value in it replaced, one commit put on the tip. `folder` is small, and may be fetched whole.
// Glu has no such command: a promotion also reads its config and writes a record.
import { tmpdir } from "node:os";
import type { RefName, RepoPath } from "@glu/core";
import { openRemote } from "@glu/git";

const [location, path, folder, tag] = process.argv.slice(2) as [string, RepoPath, RepoPath, string];
const clock = { now: () => Date.now(), sleep: () => Promise.resolve(), random: () => Math.random() };
const branch = "refs/heads/main" as RefName;
await using remote = await openRemote({ location, env: process.env, temp: tmpdir(), clock });
const tip = await remote.fetchTip(branch);
if (tip === undefined) throw new Error("There is no such branch.");
const file = (await remote.read(tip.tree, [path], branch, new Set([folder]))).get(path);
const text = Buffer.from(file?.content ?? []).toString("utf8");
const content = Buffer.from(text.replace(/tag: "[^"]*"/, `tag: "${tag}"`));
const files = [{ path, content, executable: false }];
const made = await remote.commit(branch, { parent: tip.commit, message: "Change the tag\n", files });
if (made === undefined) throw new Error("Somebody else was first.");
