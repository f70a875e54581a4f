import { expect } from "vitest";
import { type ActionStep, runOnGitea } from "../gitea/action-step.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Acme } from "./acme.ts";

/** Two releases of the app in staging, without a runner: for tests that begin where there is something to go back to. */
export async function releaseTwice(sandbox: Sandbox, acme: Acme): Promise<void> {
  const step = async (one: ActionStep) => {
    const { exitCode, stdout, stderr } = await runOnGitea(sandbox, acme, one);
    expect(exitCode, stdout + stderr).toBe(0);
  };
  const known = new Set<string>();
  for (const [run, version, digit] of [
    ["1", "1.0.0", "a"],
    ["2", "2.0.0", "b"],
  ] as const) {
    await acme.change("frontend", { VERSION: `${version}\n` });
    const image = `web=ghcr.io/acme/frontend:${version}@sha256:${digit.repeat(64)}`;
    const built = { app: "frontend", image };
    await step({ action: "build-artifact", repository: "frontend", event: "push", inputs: built, run });
    const artifact = (await acme.artifacts()).find((id) => !known.has(id)) ?? "";
    known.add(artifact);
    const inputs = { app: "frontend", environment: "staging", artifact };
    await step({ action: "promote", repository: "deployments", event: "workflow_dispatch", inputs, run });
  }
}
