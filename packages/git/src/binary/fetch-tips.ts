import type { RefName } from "@glu/core";
import type { Tip } from "../remote/remote.ts";
import { tipOf } from "./fetch-tip.ts";
import { type GitCommands, quietly } from "./git-commands.ts";
import { parseBatch } from "./parse-batch.ts";

/**
 * Fetches the commits that refs point to now with all their trees and files, in one fetch. Undefined where there is no
 * such ref; what is no commit is left out.
 * @throws GluError `repository/…`
 */
export async function fetchTips(
  git: GitCommands,
  refs: readonly RefName[],
): Promise<ReadonlyMap<RefName, Tip | undefined>> {
  const [first, ...others] = refs;
  if (first === undefined) return new Map();
  const ids = await git.readRefs([first, ...others]);
  const wanted = [...new Set(ids.values())];
  const [one] = wanted;
  if (one === undefined) return new Map(refs.map((ref) => [ref, undefined]));
  await git.useFormatOf(one);
  const fetch = ["fetch", ...quietly, "--depth=1", "--no-filter", "--stdin", "origin"];
  const fetched = await git.online("fetch", fetch, { input: `${wanted.join("\n")}\n` });
  if (fetched.code !== 0) throw await git.failure(fetched, first, "reading");
  const commits = parseBatch(
    await git.output("fetch", ["cat-file", "--batch"], { input: wanted.map((id) => `${id}^{commit}\n`).join("") }),
  );
  const tips = new Map<RefName, Tip | undefined>();
  for (const ref of refs) {
    const id = ids.get(ref);
    const content = id && commits.get(id);
    if (id === undefined) tips.set(ref, undefined);
    else if (content !== undefined) tips.set(ref, tipOf(id, content));
  }
  return tips;
}
