import { randomUUID } from "node:crypto";
import { lstat, mkdir, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Artifact, parseArtifactSelector, verifyArtifact } from "@glu/core";
import type { Surroundings } from "./surroundings.ts";

/**
 * The artifact as a file for the steps that follow; in a terminal it is printed instead. It outlives this step, so it
 * lies beside the run's own temporary folder, which the runner removes when the job ends. The path is the same in every
 * attempt of the job.
 */
export async function saveArtifact(artifact: Artifact, { context, temp, cwd }: Surroundings): Promise<string> {
  if (context.host === "terminal") return "";
  const { app, id } = artifact;
  if (context.host === "gitlab") return write(join(cwd, "glu-report"), `${app}-${id}.json`, artifact);
  const parent = dirname(temp);
  const own = await ownFolder(join(parent, "glu"));
  // Somebody else's folder, or a link that leads elsewhere: then one that nobody could have made.
  const folder = own ? join(parent, "glu") : await mkdtemp(join(parent, "glu-artifact-"));
  return write(join(folder, app), `${id}.json`, artifact);
}

/** Makes the folder for this user alone; false when something else stands there. */
async function ownFolder(folder: string): Promise<boolean> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const found = await lstat(folder);
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

/** A whole file or none: renamed into its place, it also replaces a link there instead of following it. */
async function write(folder: string, name: string, artifact: Artifact): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const whole = join(folder, `.${randomUUID()}`);
  await writeFile(whole, `${JSON.stringify(artifact, null, 2)}\n`, { flag: "wx" });
  await rename(whole, path);
  return path;
}

export const artifactFileReader =
  (cwd: string) =>
  (path: string): Promise<string> =>
    readFile(resolve(cwd, path), "utf8");

/**
 * What an `artifact` input stands for, wherever a file lies: of a path the id of the artifact in it, so that a job which
 * finds the same artifact at another path asks for the same. What cannot be read stays as it was given; whoever promotes
 * it says what is wrong.
 */
export async function contentNamed(given: string, readText: (path: string) => Promise<string>): Promise<string> {
  const selector = parseArtifactSelector(given);
  if (selector.kind !== "path") return given;
  try {
    return verifyArtifact(JSON.parse(await readText(selector.path)), selector.path).artifact.id;
  } catch {
    return given;
  }
}
