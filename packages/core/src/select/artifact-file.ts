import { verifyArtifact } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Digest } from "../model/names.ts";

/**
 * An artifact in a file, verified.
 * @throws UserError `artifact/unreadable`, `artifact/malformed`, `artifact/tampered`
 */
export async function readArtifactFile(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<{ artifact: Artifact; digest: Digest }> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path));
  } catch (cause) {
    throw new UserError("artifact/unreadable", `The artifact ${path} cannot be read as JSON.`, {
      seen: path,
      fix: "Give the path of a file that 'build-artifact' wrote (its output artifact-path).",
      cause,
    });
  }
  return verifyArtifact(value, path);
}

/** @throws UserError `artifact/other-app` */
export function refuseOtherApp(artifact: Artifact, app: string, path: string): void {
  if (artifact.app === app) return;
  throw new UserError("artifact/other-app", `${path} is an artifact of ${artifact.app}, not of ${app}.`, {
    seen: artifact.app,
    fix: `Promote ${artifact.app}, or give an artifact of ${app}.`,
  });
}
