import { FakeClock, previewDeploymentsContract } from "@glu/testing/internal";
import { expect } from "vitest";
import { createPreviewDeployments } from "./create-preview-deployments.ts";

// Gitea and Forgejo have none, and GitLab's are the job's own: nothing is asked there, and nothing fails.
for (const forge of ["gitea", "gitlab"] as const) {
  previewDeploymentsContract(forge, async () => ({
    deployments: createPreviewDeployments({
      ...{ forge, apiUrl: "http://127.0.0.1:9/api", repository: "acme/web", token: "x", clock: new FakeClock() },
      fetch: () => expect.unreachable("it was asked"),
    }),
    has: false,
    push: async () => "0".repeat(40),
    seen: async () => [],
    [Symbol.asyncDispose]: async () => {},
  }));
}
