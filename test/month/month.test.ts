import type { ReleaseRecord } from "@glu/core";
import type { MemoryRepository, Seed } from "@glu/simulation";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Month } from "./month.ts";
import { fileOf } from "./world.ts";

// MONTH_SEED=<number> repeats a month that failed: its message names it.
const seed = Number(process.env.MONTH_SEED ?? 20_261_101);

/** A record whose release was seen to be so. */
function seen(was: ReleaseRecord, state: string, { at = "2026-01-01T00:00:00Z" } = {}, reason?: string): object {
  const verified = state === "healthy" ? { verifiedAt: at } : {};
  const more = reason === undefined ? {} : { reason };
  return { ...was, current: { ...was.current, ...verified, ...more, state, verification: { at, seen: "x" } } };
}

it("a month of builds, promotions by hand, pins, freezes, edits and races breaks no rule", async () => {
  const { audit, results } = await Month.run({ seed, apps: 6, days: 31, perDay: 16 });
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

  it("sees what was rejected upstream", () => {
    const put = standing({}, { rejected: [{ artifact: running() }] });
    expect(() => forge(running(), record(running(), "staging"), "staging")).toThrow("was rejected in testing");
    put();
  });

  it("sees what was not healthy upstream", () => {
    const { history = [], rejected = [] } = month.audit.recordOf(app, "testing") ?? {};
    const [other = ""] = history.flatMap(({ artifact, state }) => {
      const isNewest = history.find((one) => one.artifact.id === artifact.id)?.state === state;
      const isRejected = rejected.some((one) => one.artifact === artifact.id);
      return state === "committed" && isNewest && !isRejected && artifact.id !== running() ? [artifact.id] : [];
    });
    expect(() => forge(other, record(other, "staging"), "staging")).toThrow("was healthy in testing");
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

  /** Lets what runs in testing be in a state, as if it always had been. */
  const standing = (current: object, more: object = {}): (() => void) => {
    const path = `.glu/${app}/testing.json`;
    const before = month.audit.tree.get(path) ?? "";
    const record = JSON.parse(before);
    month.audit.tree.set(path, JSON.stringify({ ...record, current: { ...record.current, ...current }, ...more }));
    return () => month.audit.tree.set(path, before);
  };
  const verdict = (change: (was: ReleaseRecord) => object) => {
    const path = `.glu/${app}/testing.json`;
    const was = month.audit.recordOf(app, "testing") as ReleaseRecord;
    const message = `Record it\n\nGlu-Request: forged-${++forged}\n`;
    month.simulation.repository.push("refs/heads/main" as never, { [path]: JSON.stringify(change(was)) }, message);
  };

  it.each<[string, "good" | "bad" | "silent", (was: ReleaseRecord) => object, string]>([
    ["what is broken and healthy", "bad", (was) => seen(was, "healthy"), "is bad"],
    ["what is good and failed", "good", (was) => seen(was, "failed"), "is good"],
    ["what nobody answers for and failed", "silent", (was) => seen(was, "failed"), "is silent"],
    ["what failed before its time was over", "bad", (was) => seen(was, "failed"), "it had its time"],
    [
      "what failed and is not rejected",
      "bad",
      (was) => seen(was, "failed", { at: "2027-01-01T00:00:00Z" }),
      "what failed is rejected",
    ],
    ["a verdict that changes what is released", "good", (was) => seen(was, "healthy", {}, "x"), "stays as it is"],
  ])("sees %s", (_what, word, change, said) => {
    const back = standing({ state: "committed", verifiedAt: undefined, verification: undefined });
    const tag = month.audit.recordOf(app, "testing")?.current?.artifact.images.web?.tag;
    const [key, before] = [`${app} ${tag}`, month.audit.words.get(`${app} ${tag}`)];
    month.audit.words.set(key, word);
    try {
      expect(() => verdict(change)).toThrow(said);
    } finally {
      back();
      if (before !== undefined) month.audit.words.set(key, before);
    }
  });

  /** A commit that claims to go back in testing, with what is rejected then. */
  const back = (artifact: string, rejected: readonly string[], request = "", pin: object | undefined = undefined) => {
    const more = { kind: "rollback", reason: "1.2 failed: x", ...(request === "" ? {} : { request }) };
    const [[path = "", text = ""] = []] = Object.entries(record(artifact, "testing", more));
    const changes = {
      [path]: JSON.stringify({ ...JSON.parse(text), rejected: rejected.map((one) => ({ artifact: one })) }),
      ...(pin === undefined ? {} : { [`.glu/${app}/testing.pin.json`]: JSON.stringify(pin) }),
    };
    const trailers = `Glu-Request: ${request || `forged-${forged}-by-name`}\nGlu-App: ${app}\nGlu-Environment: testing\nGlu-Artifact: ${artifact}\nGlu-Kind: rollback`;
    month.simulation.repository.push("refs/heads/main" as never, changes, `Forged\n\n${trailers}\n`);
  };
  /** What runs there, and what ran there before. */
  const ran = (): [string, string] => {
    const { current, history } = month.audit.recordOf(app, "testing") as ReleaseRecord;
    const other = history.find(({ artifact }) => artifact.id !== current?.artifact.id);
    return [current?.artifact.id ?? "", other?.artifact.id ?? ""];
  };

  it("sees what goes back to what never ran there", () => {
    const fresh = builtOn("main").find((id) => {
      return ![...JSON.stringify(month.audit.recordOf(app, "testing")).matchAll(/"id":"([^"]+)"/g)].some(
        ([, one]) => one === id,
      );
    });
    expect(fresh).toBeDefined();
    expect(() => back(fresh ?? "", [])).toThrow("it ran there before");
  });

  it("sees what goes back and forgets what was rejected", () => {
    const put = standing({}, { rejected: [{ artifact: "x" }] });
    expect(() => back(ran()[1], [])).toThrow("what was rejected stays so");
    put();
  });

  it("sees what goes back past a pin", () => {
    const path = `.glu/${app}/testing.pin.json`;
    const before = month.audit.tree.get(path);
    month.audit.tree.set(path, JSON.stringify({ artifact: "another" }));
    const put = standing({}, { rejected: [] });
    expect(() => back(ran()[1], [ran()[0]])).toThrow("is pinned");
    put();
    if (before === undefined) month.audit.tree.delete(path);
    else month.audit.tree.set(path, before);
  });

  it.each<[string, object, object, string]>([
    ["what Glu takes back though it did not fail", { state: "healthy" }, {}, "only what failed goes back by itself"],
    ["a rollback that failed and is taken back", { state: "failed", kind: "rollback" }, {}, "a rollback that failed"],
    ["what Glu takes back to what was not healthy", { state: "failed", kind: "promotion" }, { history: [] }, "healthy"],
  ])("sees %s", (_what, current, more, said) => {
    const put = standing(current, more);
    try {
      expect(() =>
        back(ran()[1] || running(), [running()], `${++forged}`.padStart(64, "f"), { artifact: running() }),
      ).toThrow(said);
    } finally {
      put();
    }
  });

  it("sees a record that somebody else wrote", () => {
    const push = () => month.simulation.repository.push("refs/heads/main" as never, record(running()), "Tidy up");
    expect(push).toThrow("Tidy up");
  });

  it("sees a file that nobody declared", () => {
    expect(() => forge(running(), { ...record(running()), "README.md": "" })).toThrow("README.md");
  });
});
