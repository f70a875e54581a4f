import type { Seed } from "@glu/simulation";
import { beforeAll, describe, expect, it } from "vitest";
import { Month } from "./month.ts";
import { fileOf } from "./world.ts";

// MONTH_SEED=<number> repeats a month that failed: its message names it.
const seed = Number(process.env.MONTH_SEED ?? 20_261_101);

it("a month of builds, promotions by hand, pins, freezes, edits and races breaks no rule", async () => {
  const { audit, results } = await Month.run({ seed, apps: 6, days: 31, perDay: 16 });
  // It was a month in which things happened.
  expect(results.runs).toBeGreaterThan(31 * 24);
  expect(audit.counts.promotions).toBeGreaterThan(100);
  expect(audit.counts.production).toBeGreaterThan(20);
  expect(audit.counts.holds).toBeGreaterThan(20);
  expect(audit.counts.byHand).toBeGreaterThan(20);
}, 300_000);

describe("the audit of a month", () => {
  let month: Month;
  beforeAll(async () => {
    month = await Month.run({ seed: 1, apps: 2, days: 2, perDay: 40 });
  });

  const app = "app1";
  let forged = 0;
  /** A commit that claims to be a promotion, made past Glu. */
  const forge = (artifact: string, changes: Seed, environment = "testing") => {
    const trailers = {
      Request: `forged-${forged}`,
      App: app,
      Environment: environment,
      Artifact: artifact,
      Kind: "promotion",
    };
    const message = Object.entries(trailers).map(([name, value]) => `Glu-${name}: ${value}`);
    month.simulation.repository.push("refs/heads/main" as never, changes, `Forged\n\n${message.join("\n")}\n`);
  };
  const record = (artifact: string, environment = "testing") => {
    const was = month.audit.recordOf(app, environment);
    const built = month.audit.built.get(artifact)?.artifact;
    const request = `forged-${++forged}`;
    const current = { ...was?.current, request, artifact: built, kind: "promotion" };
    const history = was?.current ? [was.current, ...was.history] : [];
    return { [`.glu/${app}/${environment}.json`]: JSON.stringify({ ...was, current, history }) };
  };
  const running = () => month.audit.recordOf(app, "testing")?.current?.artifact.id ?? "";
  const builtOn = (line: string) =>
    [...month.audit.built.values()].filter((one) => one.line === `${app} ${line}`).map(({ artifact }) => artifact.id);

  it("sees what goes backwards", () => {
    const [oldest = ""] = builtOn("main");
    expect(oldest).not.toBe(running());
    expect(() => forge(oldest, record(oldest))).toThrow("not older than what ran");
  });

  it("sees a release that is forgotten", () => {
    const changes = record(running());
    const [path = ""] = Object.keys(changes);
    const forgetful = { ...JSON.parse(changes[path] ?? ""), history: [] };
    expect(() => forge(running(), { [path]: JSON.stringify(forgetful) })).toThrow("app1 in testing by forged-");
  });

  it("sees what upstream never released", () => {
    const [fresh = ""] = builtOn("");
    expect(() => forge(fresh, record(fresh, "staging"), "staging")).toThrow("was released in testing");
  });

  it("sees a byte that nobody declared", () => {
    const path = fileOf(app, "testing");
    const changed = { [path]: (month.audit.tree.get(path) ?? "").replace("by hand", "by Hand") };
    expect(() => forge(running(), { ...record(running()), ...changed })).toThrow("nothing but the tags");
  });

  it("sees a file that nobody declared", () => {
    expect(() => forge(running(), { ...record(running()), "README.md": "" })).toThrow("README.md");
  });
});
