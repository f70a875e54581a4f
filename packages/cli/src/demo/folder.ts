import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "@glu/core";

/**
 * The folder of a demo, and in it the one for its summaries: a new temporary one, or the one that was asked for. That
 * must be new or empty, for a demo begins with nothing, and what lies there is nobody's to remove.
 * @throws UserError `demo/folder`
 */
export async function demoFolder(asked: string | undefined): Promise<{ folder: string; summaries: string }> {
  const folder = asked ?? (await mkdtemp(join(tmpdir(), "glu-demo-")));
  const summaries = join(folder, "summaries");
  try {
    if (await isTaken(folder)) throw refuse(folder, "there is something in it");
    await makeFolder(summaries);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw refuse(folder, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return { folder, summaries };
}

async function isTaken(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** With the folders above it. Node's own `recursive` does not end where a folder takes no others, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

function refuse(folder: string, why: string, cause?: unknown): UserError {
  return new UserError("demo/folder", `The demo cannot be made in ${folder}: ${why}.`, {
    seen: folder,
    fix: "Name a folder that is new or empty and can be written, or leave --keep out.",
    cause,
  });
}
