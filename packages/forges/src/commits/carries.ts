import type { Commit, Sha } from "@glu/core";
import { modes } from "./git-objects.ts";
import type { ObjectMemory } from "./object-memory.ts";

/** What `createCommitOnBranch` is given of a message. */
export interface SplitMessage {
  headline: string;
  body: string;
}

/** GitHub tells no limits. What is larger than any promotion goes the way that is made for it. */
const [mostFiles, mostBytes] = [1000, 10_000_000];

/**
 * Why a commit cannot be made by GitHub's API as it is meant; undefined: it can. All that stands at the paths must be
 * known.
 */
export function notCarried({ author, message, changes }: Commit, root: Sha, memory: ObjectMemory): string | undefined {
  if (author !== undefined) return "it has an author of its own, and GitHub's API makes the token's owner the author";
  if (splitMessage(message) === undefined) return "its message has no headline of its own";
  if (changes.length > mostFiles) return `it changes more than ${mostFiles} files`;
  const bytes = changes.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  if (bytes > mostBytes) return `its files have more than ${mostBytes / 1_000_000} MB`;
  for (const { path, content, executable } of changes) {
    const found = memory.find(root, path);
    const isExecutable = found !== undefined && found !== "unknown" && found.mode === modes.executable;
    if (content !== undefined && (executable ?? isExecutable)) return `${JSON.stringify(path)} is executable`;
    // It makes every file a plain one, of whatever mode it was.
    if (content !== undefined && isExecutable) return `${JSON.stringify(path)} was executable`;
  }
  return undefined;
}

/** A message in the two parts that GitHub puts together again, with one empty line between; undefined where it has not these. */
export function splitMessage(message: string): SplitMessage | undefined {
  const text = message.replace(/\n+$/, "");
  const [headline = "", gap = "", ...rest] = text.split("\n");
  const body = rest.join("\n");
  // What GitHub may trim or take for another line end.
  const isPlain = (part: string) => part === part.trim() && !/[\r\0]/.test(part);
  if (headline === "" || !isPlain(headline) || !isPlain(body) || gap !== "") return undefined;
  return { headline, body };
}
