import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CiContext } from "./ci-context.ts";
import { requestIdOf } from "./request.ts";

const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("1", "12", "a", "", '","'));
const run = fc.record({
  id: text,
  job: fc.option(text, { nil: undefined }),
  matrix: fc.option(text, { nil: undefined }),
});
const intent = fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.array(text, { maxLength: 2 })), { maxKeys: 4 });
const place = fc.record({
  host: fc.constantFrom("github" as const, "gitlab" as const, "gitea" as const),
  repository: text,
});

type Place = { host: CiContext["host"]; repository: string };
type Run = { id: string; job: string | undefined; matrix: string | undefined };

function contextOf(where: Place, { id, job, matrix }: Run, more: Partial<CiContext["run"]> = {}): CiContext {
  return {
    ...where,
    event: "push",
    hostEvent: "push",
    serverUrl: undefined,
    apiUrl: undefined,
    version: {},
    fork: false,
    actor: { name: "ada", verified: true },
    run: {
      id,
      number: 1,
      attempt: 1,
      workflow: "deploy",
      job,
      matrix,
      url: undefined,
      branch: "main",
      defaultBranch: "main",
      ...more,
    },
    variables: {},
    traceparent: undefined,
  };
}

describe("the id of a request", () => {
  it("is the same for a re-run of the same job, whoever starts it and whatever else changed", () => {
    fc.assert(
      fc.property(place, run, intent, fc.integer({ min: 2, max: 50 }), (where, one, wanted, attempt) => {
        const again = contextOf(where, one, { attempt, url: "elsewhere", number: 7 });
        again.actor = { name: "grace", verified: false };
        again.variables = { CI: "true" };
        expect(requestIdOf(again, wanted)).toBe(requestIdOf(contextOf(where, one), wanted));
      }),
    );
  });

  it("does not depend on the order in which the inputs are given", () => {
    fc.assert(
      fc.property(place, run, intent, (where, one, wanted) => {
        const turned = Object.fromEntries(Object.entries(wanted).reverse());
        expect(requestIdOf(contextOf(where, one), turned)).toBe(requestIdOf(contextOf(where, one), wanted));
      }),
    );
  });

  it("is another for another host, repository, run, job, matrix or intent", () => {
    const all = fc.tuple(place, run, intent);
    fc.assert(
      fc.property(all, all, (a, b) => {
        const same = (x: typeof a) =>
          JSON.stringify([
            x[0].host,
            x[0].repository,
            x[1].id,
            x[1].job ?? "",
            x[1].matrix ?? "",
            Object.entries(x[2]).sort(([k], [l]) => (k < l ? -1 : 1)),
          ]);
        fc.pre(same(a) !== same(b));
        expect(requestIdOf(contextOf(a[0], a[1]), a[2])).not.toBe(requestIdOf(contextOf(b[0], b[1]), b[2]));
      }),
    );
  });

  it.each<[string, Partial<Run>, Record<string, unknown>]>([
    ["run", { id: "43" }, {}],
    ["job", { job: "other" }, {}],
    ["leg of the matrix", { matrix: '{"app":"api"}' }, {}],
    ["app", {}, { app: ["api"] }],
    ["artifact", {}, { artifact: "latest" }],
    ["answer to plan", {}, { plan: true }],
  ])("is another for another %s alone", (_what, other, wanted) => {
    const where: Place = { host: "github", repository: "acme/config" };
    const one: Run = { id: "42", job: "promote", matrix: '{"app":"web"}' };
    const base = { app: ["web"], artifact: "20261121t070000z-0123456789ab", plan: false };
    const first = requestIdOf(contextOf(where, one), base);
    expect(requestIdOf(contextOf(where, { ...one, ...other }), { ...base, ...wanted })).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  it("at a terminal, or without a run, is nobody's to know: it is random or given", () => {
    const one: Run = { id: "42", job: undefined, matrix: undefined };
    expect(requestIdOf(contextOf({ host: "terminal", repository: "" }, one), {})).toBeUndefined();
    const github = contextOf({ host: "github", repository: "acme/web" }, one, { id: undefined });
    expect(requestIdOf(github, {})).toBeUndefined();
  });
});
