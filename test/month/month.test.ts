import type { MemoryRepository, Seed } from "@glu/simulation";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Month } from "./month.ts";
import { fileOf } from "./world.ts";

// MONTH_SEED=<number> repeats a month that failed: its message names it.
const seed = Number(process.env.MONTH_SEED ?? 20_261_101);

it("a month of builds, promotions by hand, pins, freezes, edits and races breaks no rule", async () => {
  const { audit, results } = await Month.run({ seed, apps: 6, days: 31, perDay: 13 });
  console.log(JSON.stringify({ seed, ...audit.counts, ...results, errors: Object.fromEntries(results.errors) }));
  // It was a month in which things happened.
  expect(results.runs).toBeGreaterThan(31 * 24);
  expect(audit.counts.promotions).toBeGreaterThan(100);
  expect(audit.counts.production).toBeGreaterThan(20);
  expect(audit.counts.holds).toBeGreaterThan(20);
  expect(audit.counts.byHand).toBeGreaterThan(20);
  expect(audit.counts.superseded).toBeGreaterThan(5);
  expect(audit.counts.overrides).toBeGreaterThan(0);
  expect(audit.counts.rollbacks).toBeGreaterThan(10);
  expect(audit.counts.undone).toBeGreaterThan(2);
  expect(audit.counts.healthy).toBeGreaterThan(50);
  expect(audit.counts.failed).toBeGreaterThan(5);
  expect(audit.counts.merged).toBeGreaterThan(5);
  expect(audit.counts.timed).toBeGreaterThan(5);
  expect(results.quiet).toBeGreaterThan(50);
  expect(results.killed).toBeGreaterThan(2);
}, 900_000);

describe("the audit of a month", () => {
  let month: Month;
  beforeAll(async () => {
    month = await Month.run({ seed: 1, apps: 2, days: 3, perDay: 40 });
    staging = await month.simulation.repositoryOf("staging");
  });
  afterEach(() => {
    automatic = false;
  });

  const app = "app1";
  let forged = 0;
  /** Whether it claims that it came by itself. */
  let automatic = false;
  let staging: MemoryRepository;
  /** A commit that claims to be a promotion, made past Glu. */
  const forge = (artifact: string, changes: Seed, environment = "testing", kind = "promotion") => {
    const trailers = {
      Request: `forged-${forged}-${automatic ? environment : "by-name"}`,
      App: app,
      Environment: environment,
      Artifact: artifact,
      Kind: kind,
    };
    const message = Object.entries(trailers).map(([name, value]) => `Glu-${name}: ${value}`);
    const repository = environment === "staging" ? staging : month.simulation.repository;
    repository.push("refs/heads/main" as never, changes, `Forged\n\n${message.join("\n")}\n`);
  };
  const record = (artifact: string, environment = "testing", more: object = {}) => {
    const was = month.audit.recordOf(app, environment);
    const built = month.audit.built.get(artifact)?.artifact;
    const request = `forged-${++forged}-${automatic ? environment : "by-name"}`;
    const repository = environment === "staging" ? staging : month.simulation.repository;
    const decidedOn = month.audit.tips.get(repository.location);
    const current = {
      ...was?.current,
      request,
      artifact: built,
      kind: "promotion",
      decidedOn,
      superseded: [],
      ...more,
    };
    const history = was?.current ? [was.current, ...was.history] : [];
    return { [`.glu/${app}/${environment}.json`]: JSON.stringify({ ...was, current, history }) };
  };
  const running = () => month.audit.recordOf(app, "testing")?.current?.artifact.id ?? "";
  const builtOn = (line: string) =>
    [...month.audit.built.values()].filter((one) => one.line === `${app} ${line}`).map(({ artifact }) => artifact.id);

  it("sees what goes backwards", () => {
    const [oldest = ""] = builtOn("main");
    expect(builtOn("main").indexOf(running())).toBeGreaterThan(0);
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

  it("sees what was decided on another tip than the one it stands on", () => {
    const late = record(running(), "testing", { decidedOn: "0".repeat(40) });
    expect(() => forge(running(), late)).toThrow("was decided on the tip it stands on");
  });

  it("sees an artifact that is not as it was built", () => {
    const built = month.audit.built.get(running())?.artifact;
    const changed = record(running(), "testing", { artifact: { ...built, vars: { changed: "x" } } });
    expect(() => forge(running(), changed)).toThrow("in the record as it was built");
  });

  it("sees what was overtaken and is not named", async () => {
    const made = [];
    for (const version of ["9.1", "9.2"]) made.push(await month.simulation.build({ app, version }));
    const numbers = [...month.audit.built.values()].map(({ number }) => number);
    const line = `${app} main`;
    for (const [index, artifact] of made.entries()) {
      month.audit.built.set(artifact.id, { artifact, number: Math.max(...numbers) + 1 + index, line });
    }
    automatic = true;
    const id = made[1]?.id ?? "";
    expect(() => forge(id, record(id))).toThrow("names what it overtook");
  });

  it.each([
    ["a pin", `.glu/${app}/testing.pin.json`, { artifact: "another" }, "is pinned"],
    ["a freeze", ".glu/_freeze/testing.json", {}, "is frozen"],
    ["a freeze of everything", ".glu/_freeze/all.json", {}, "is frozen"],
  ])("sees what goes past %s", (_what, path, hold, said) => {
    const before = month.audit.tree.get(path);
    month.audit.tree.set(path, JSON.stringify(hold));
    expect(() => forge(running(), record(running()))).toThrow(said);
    if (before === undefined) month.audit.tree.delete(path);
    else month.audit.tree.set(path, before);
  });

  it("sees what was rejected and goes again by itself", () => {
    const path = `.glu/${app}/testing.json`;
    const before = month.audit.tree.get(path) ?? "";
    month.audit.tree.set(path, JSON.stringify({ ...JSON.parse(before), rejected: [{ artifact: running() }] }));
    expect(() => forge(running(), record(running()))).toThrow("as an override only");
    automatic = true;
    const override = () => {
      const forged = record(running(), "testing", { kind: "override", reason: "x" });
      // An override takes the rejection away.
      return { [path]: JSON.stringify({ ...JSON.parse(forged[path] ?? ""), rejected: [] }) };
    };
    expect(() => forge(running(), override(), "testing", "override")).toThrow(
      "automation promotes nothing that was rejected",
    );
    month.audit.tree.set(path, before);
  });

  it("sees a record that somebody else wrote", () => {
    const push = () => month.simulation.repository.push("refs/heads/main" as never, record(running()), "Tidy up");
    expect(push).toThrow("Tidy up");
  });

  it("sees a file that nobody declared", () => {
    expect(() => forge(running(), { ...record(running()), "README.md": "" })).toThrow("README.md");
  });
});
