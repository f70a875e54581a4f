import { promote, readCliInputs } from "@glu/inputs";
import { expect, it } from "vitest";
import { assertCanBeAsked } from "./promote.ts";

/** Inputs as a request from GitLab has them: the only host whose request can have an id of its own. */
const asked = (given: Record<string, string>) =>
  readCliInputs(promote, { request: "acme/config", artifact: "latest", reason: "because", ...given }, {});

it.each([
  ["plan", "true"],
  ["overwrite", "true"],
  ["set", "true"],
  ["on-held", "succeed"],
  ["commit-message", "Go"],
  ["author", "Ada <ada@example.org>"],
  ["ref", "main"],
  ["config", "other.yaml"],
  ["config-repository", "acme/config"],
  ["request-id", "mine"],
])("a request that would lose %s is not sent", (name, value) => {
  expect(() => assertCanBeAsked(asked({ [name]: value }))).toThrow(
    expect.objectContaining({ code: "request/not-carried", seen: [name] }),
  );
});

it("a request with what it carries is sent, and so are values as they are by default", () => {
  const flags = { plan: "false", overwrite: "false", set: "false", ref: "" };
  expect(() => assertCanBeAsked(asked({ app: "web", environment: "staging", ...flags }))).not.toThrow();
});

it("a request cannot name a file, which is not there where the promotion runs", () => {
  for (const artifact of ["./artifact.json", "nothing"]) expect(() => assertCanBeAsked(asked({ artifact }))).toThrow();
});
