import { deploymentsContract, FakeClock } from "@glu/testing/internal";
import { expect } from "vitest";
import { createDeployments } from "./create-deployments.ts";

// Gitea and Forgejo have no deployments: nothing is asked there, and nothing fails.
deploymentsContract("Gitea", async () => ({
  deployments: createDeployments({
    forge: "gitea",
    apiUrl: "http://127.0.0.1:9/api/v1",
    webUrl: "http://127.0.0.1:9/acme/config",
    repository: "acme/config",
    token: "x",
    clock: new FakeClock(),
    fetch: () => expect.unreachable("it was asked"),
  }),
  has: false,
  push: async () => "0".repeat(40),
  seen: async () => [],
  [Symbol.asyncDispose]: async () => {},
}));
