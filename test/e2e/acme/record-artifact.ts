import { expect } from "vitest";
import { runOnGitea } from "../gitea/action-step.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Acme } from "./acme.ts";

/** Records the artifact of the app's commit, without a runner: for tests that begin where it is there. Gives its id. */
export async function recordArtifact(
  sandbox: Sandbox,
  acme: Acme,
  image = `ghcr.io/acme/frontend:2.0.0@sha256:${"c".repeat(64)}`,
): Promise<string> {
  const inputs = { app: "frontend", image: `web=${image}` };
  const step = { action: "build-artifact", repository: "frontend", event: "push", inputs } as const;
  const { exitCode, stdout, stderr } = await runOnGitea(sandbox, acme, step);
  expect(exitCode, stdout + stderr).toBe(0);
  const [artifact = ""] = await acme.artifacts();
  return artifact;
}
