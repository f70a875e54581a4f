import type { BoardRow, Decision } from "@glu/core";
import { promote, readCliInputs } from "@glu/inputs";
import type { PromotionReport } from "@glu/report";
import { artifactForTest } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { assertCanBeAsked } from "./promote.ts";
import { outputsOf } from "./promotion.ts";

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

const place = { app: "web", environment: "staging" };
const release = (number: number) => ({
  request: "r",
  kind: "promotion",
  artifact: artifactForTest(number),
  decidedOn: "0".repeat(40),
  actor: { name: "ada", verified: true },
  decidedAt: "2026-11-21T07:00:00.000Z",
  releasedAt: "2026-11-21T07:00:00.000Z",
  state: "committed",
  writes: [],
  superseded: [],
});

it.each([
  [
    "a request that was carried out before, and others since",
    { result: "promoted", repeated: true, release: release(1) },
  ],
  ["a plan", { result: "planned", repeated: false, release: release(3) }],
  ["what is held", { result: "held", repeated: false, release: undefined }],
])("the output environments says what runs, after %s", async (_what, more) => {
  const commit = more.repeated ? "a".repeat(40) : undefined;
  const intent = { ...place, artifact: artifactForTest(1), explicit: true, request: "r" };
  const decision = {
    intent,
    reason: "",
    gates: [],
    previous: release(2),
    changes: [],
    commit,
    ...more,
  } as unknown as Decision;
  const board = [{ ...place, release: release(2), freezes: [] }] as unknown as BoardRow[];
  const report = {
    kind: "promotion",
    result: decision.result,
    decisions: [decision],
    passedOver: [],
    undecided: [],
    pipeline: { environments: [], running: [] },
    links: {},
    notices: [],
    now: 0,
  } as unknown as PromotionReport;
  const outputs = await outputsOf({ result: decision.result, decisions: [decision], board }, report);
  expect(JSON.parse(outputs.environments ?? "")).toEqual({ "staging/web": artifactForTest(2).id });
  expect(outputs.commit).toBe(commit ?? "");
  expect(JSON.parse(outputs.decision ?? "")).toMatchObject({ commit: commit ?? null });
});
