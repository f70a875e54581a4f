import { expect, it } from "vitest";
import type { CommitCheck } from "../../ports/checks.ts";
import { judgeStatuses, statusOptions } from "./status.ts";

const wanted = { images: [], releasedAt: 0 };
const commit = "c".repeat(40);
type State = CommitCheck["state"];
const check = (name: string, state: State): CommitCheck => ({
  name,
  state,
  said: state,
  since: undefined,
  url: `https://ci.test/${name}`,
});
const all = (given: Record<string, State>) => Object.entries(given).map(([name, state]) => check(name, state));

it.each<[Record<string, State>, Record<string, State> | undefined, string, string | undefined]>([
  [{ flux: "succeeded" }, undefined, "healthy", undefined],
  [{ flux: "running" }, undefined, "waits", "health/progressing"],
  [{ flux: "waiting" }, undefined, "waits", "health/progressing"],
  [{ flux: "failed" }, undefined, "failed", "health/failed"],
  [{}, undefined, "waits", "health/no-status"],
  [{ other: "succeeded" }, undefined, "waits", "health/no-status"],
  [{}, { flux: "succeeded" }, "healthy", undefined],
  [{}, { flux: "running" }, "waits", "health/progressing"],
  [{}, { flux: "failed" }, "waits", "health/degraded"],
  [{ flux: "failed" }, { flux: "succeeded" }, "healthy", undefined],
  [{ flux: "failed" }, { flux: "running" }, "failed", "health/failed"],
  [{ flux: "running" }, { flux: "failed" }, "waits", "health/degraded"],
  [{ flux: "succeeded" }, { flux: "failed" }, "healthy", undefined],
  [{ flux: "succeeded" }, { flux: "running" }, "healthy", undefined],
])("of a release: %j on its commit and %j on a later one is %s", (own, newest, state, code) => {
  const seen = { own: all(own), newest: newest && all(newest), commit };
  expect(judgeStatuses(seen, { context: "flux" }, wanted)).toMatchObject({
    state,
    ...(code === undefined ? {} : { code }),
  });
});

it("a pattern wants each that it matches, and one at least", () => {
  const judge = (given: Record<string, State>, context: string[]) =>
    judgeStatuses({ own: all(given), newest: undefined, commit }, { context }, wanted);
  expect(
    judge({ "kustomization/apps/1": "succeeded", "kustomization/infra/2": "failed" }, ["kustomization/*"]).state,
  ).toBe("failed");
  expect(
    judge({ "kustomization/apps/1": "succeeded", "kustomization/infra/2": "failed" }, ["kustomization/*", "!*infra*"])
      .state,
  ).toBe("healthy");
  expect(judge({ "kustomization/apps/1": "succeeded" }, ["kustomization/apps/*", "argocd/*"])).toMatchObject({
    state: "waits",
    seen: "argocd/* is not on ccccccc",
  });
});

it("before a release nothing fails for good, and the page is linked", () => {
  const seen = { own: undefined, newest: all({ flux: "failed" }), commit };
  expect(judgeStatuses(seen, { context: "flux" }, undefined)).toMatchObject({
    state: "waits",
    url: "https://ci.test/flux",
  });
});

it.each(["glu/production", ["!flux"]])("cannot want %j", (context) => {
  expect(statusOptions.safeParse({ context }).success).toBe(false);
});
