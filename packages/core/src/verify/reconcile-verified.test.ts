import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Look, ReleaseInPlace } from "../gates/gate.ts";
import { envName, repoPath, timestamp } from "../model/names.ts";
import { releases } from "../model/record.ts";
import { exitCodeOf } from "../promote/exit-code.ts";
import { promote } from "../promote/promote.ts";
import { bytes, environment, onMain } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { verifying as setting, verify, type Word } from "../test-kit/verifying.ts";

const minute = 60_000;
const health = { name: "health", options: { status: { context: "deploy" } } };

describe("a reconciliation of what is verified", () => {
  it("writes down what became of a release, and lets it go further only then", async () => {
    const { run, build, words, current, messages, clock } = setting();
    const { id } = build(1, "coming");
    const first = await run();
    expect(current("staging")).toMatchObject({ state: "committed" });
    expect(first.decisions.find(({ intent }) => intent.environment === "production")).toBeUndefined();
    clock.time += minute;
    const waiting = await run();
    expect(waiting.verified).toMatchObject([
      { app: "web", environment: "staging", isNews: true, seen: "seen: is coming" },
    ]);
    expect(waiting.next).toBe(timestamp(clock.time + 9 * minute));
    // Once: that somebody has looked tells who comes next that its time counts.
    expect((await run()).verified).toMatchObject([{ isNews: false }]);
    words.set(id, "synced");
    await run();
    expect(current("staging")).toMatchObject({ state: "synced", verification: { seen: "seen: is synced" } });
    words.set(id, "healthy");
    const done = await run();
    expect(current("staging")).toMatchObject({
      state: "healthy",
      verifiedAt: timestamp(clock.time),
      verification: { seen: "seen: runs, of a commit" },
    });
    // In the same run, since verification comes first.
    expect(done.result).toBe("promoted");
    expect(current("production")?.artifact.id).toBe(id);
    expect(messages()).toEqual([
      "Promote web to staging: 1.1",
      "Record that web 1.1 in staging is not verified yet",
      "Record that web 1.1 in staging is synced",
      "Record that web 1.1 in staging is healthy",
      "Promote web to production: 1.1",
    ]);
    expect((await run()).verified).toEqual([]);
  });

  it("fails what is not met in its time, which fails the run once, and holds the edge", async () => {
    const { run, build, current, record, clock, ports, ask } = setting();
    const { id } = build(1, "synced");
    await run();
    await run();
    clock.time += 10 * minute;
    const failing = await run();
    expect(failing.result).toBe("failed");
    expect(exitCodeOf(failing, "succeed")).toBe(3);
    expect(current("staging")).toMatchObject({ state: "failed" });
    expect(record("staging")?.rejected).toMatchObject([
      { artifact: id, reason: "failed: not within 10m: seen: is synced" },
    ]);
    const after = await run();
    expect([after.result, exitCodeOf(after, "succeed")]).toEqual(["unchanged", 0]);
    const asked = await promote(ask({ environments: ["production"], artifact: id }), ports);
    expect(asked.decisions[0]?.gates.filter(({ met }) => !met)).toMatchObject([
      { name: "from", code: "from/not-eligible", seen: "failed in staging", since: timestamp(clock.time) },
    ]);
  });

  it("fails what was looked at in its time at the next look after it", async () => {
    const { run, build, current, clock } = setting();
    build(1, "coming");
    await run();
    clock.time += 5 * minute;
    await run();
    clock.time += 6 * minute;
    expect((await run()).result).toBe("failed");
    expect(current("staging")).toMatchObject({
      state: "failed",
      verification: { seen: "not within 10m: seen: is coming" },
    });
  });

  it("says of an artifact that is not verified yet what is waited for", async () => {
    const { run, build, ports, ask, clock } = setting();
    const { id } = build(1, "coming");
    await run();
    const since = timestamp(clock.time);
    clock.time += minute;
    const { decisions } = await promote(ask({ environments: ["production"], artifact: id }), ports);
    expect(decisions[0]).toMatchObject({ result: "held" });
    expect(decisions[0]?.gates.filter(({ met }) => !met)).toMatchObject([
      {
        code: "from/not-verified",
        seen: "is not verified yet in staging",
        since,
        clearedBy: "its verification in staging",
      },
    ]);
  });

  it("only tells people where that is all that is wanted", async () => {
    const { run, build, current, record } = setting("notify");
    const { id } = build(1, "broken");
    await run();
    expect(current("production")?.artifact.id).toBe(id);
    const failing = await run();
    expect(failing.result).toBe("failed");
    expect(current("staging")).toMatchObject({ state: "failed" });
    expect(record("staging")?.rejected).toEqual([]);
  });

  it("goes back to the last that was healthy, pins it, and takes what failed no more", async () => {
    const { run, build, current, record, repository, messages } = setting("rollback");
    const good = build(1, "healthy");
    await run();
    await run();
    const bad = build(2, "broken");
    await run();
    expect(current("staging")?.artifact.id).toBe(bad.id);
    const failing = await run();
    expect(failing.result).toBe("failed");
    expect(current("staging")).toMatchObject({
      kind: "rollback",
      artifact: { id: good.id },
      reason: "1.2 failed: seen: is broken",
    });
    expect(record("staging")?.rejected).toMatchObject([{ artifact: bad.id }]);
    expect(JSON.parse(repository.text(".glu/web/staging.pin.json") ?? "{}")).toMatchObject({ artifact: good.id });
    expect(failing.decisions.find(({ intent }) => intent.rollback !== undefined)).toMatchObject({ result: "promoted" });
    expect(messages().slice(-2)).toEqual([
      "Record that web 1.2 in staging is failed",
      "Roll back web in staging to 1.1",
    ]);
    // Nothing is done a second time, and newer ones wait for the pin.
    build(3, "healthy");
    const count = messages().length;
    const again = await run();
    expect(current("staging")?.artifact.id).toBe(good.id);
    expect(again.result).toBe("held");
    expect(messages().slice(count)).toEqual(["Record that web 1.1 in staging is healthy"]);
  });

  it("goes back to what was healthy and was released again since, before anybody looked", async () => {
    const { run, build, current, repository, ports, ask } = setting("rollback");
    const good = build(1, "healthy");
    await run();
    await run();
    repository.push("Change it by hand", [{ path: repoPath("apps/web/staging.txt"), content: bytes("tag: x\n") }]);
    const again = ask({ environments: ["staging"], artifact: good.id, overwrite: true });
    expect((await promote(again, ports)).result).toBe("promoted");
    const bad = build(2, "broken");
    expect((await promote(ask({ environments: ["staging"], artifact: bad.id }), ports)).result).toBe("promoted");
    await run();
    expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id } });
  });

  it("is not undone twice by two runs that find it at the same time", async () => {
    const { run, build, messages } = setting("rollback");
    build(1, "healthy");
    await run();
    await run();
    build(2, "broken");
    await run();
    const count = messages().length;
    await Promise.all([run(), run(), run()]);
    expect(messages().slice(count)).toEqual([
      "Record that web 1.2 in staging is failed",
      "Roll back web in staging to 1.1",
    ]);
  });

  it("writes a first look down once, whoever else looks at the same time", async () => {
    const { run, build, messages } = setting();
    build(1, "coming");
    await run();
    await Promise.all([run(), run(), run()]);
    expect(messages().slice(1)).toEqual(["Record that web 1.1 in staging is not verified yet"]);
  });

  it("does not take back what another run has seen meanwhile", async () => {
    const { run, build, words, current, repository } = setting();
    const { id } = build(1, "coming");
    await run();
    repository.beforeCommit = async () => {
      words.set(id, "synced");
      await run();
    };
    const { verified } = await run();
    expect(current("staging")).toMatchObject({ state: "synced" });
    expect(verified).toMatchObject([{ isNews: false, release: { state: "synced" } }]);
  });

  it("says that there is nothing healthy to go back to, each time, and fails once", async () => {
    const { run, build, current } = setting("rollback");
    build(1, "broken");
    await run();
    const failing = await run();
    expect(failing.result).toBe("failed");
    const note = "web 1.1 failed in staging, and no release before it was seen to be healthy";
    expect(failing.notices.join()).toContain(note);
    expect(current("staging")).toMatchObject({ state: "failed" });
    const again = await run();
    expect(again.notices.join()).toContain(note);
    expect(exitCodeOf(again, "succeed")).toBe(0);
  });

  it("does not roll back what a rollback went back to", async () => {
    const { run, build, words, current, clock } = setting("rollback");
    const good = build(1, "healthy");
    const older = build(0, "healthy");
    await run();
    await run();
    build(2, "broken");
    await run();
    words.set(good.id, "broken");
    words.set(older.id, "healthy");
    await run();
    expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id } });
    clock.time += minute;
    await run();
    await run();
    expect(current("staging")).toMatchObject({ kind: "rollback", state: "failed", artifact: { id: good.id } });
  });

  it("fails nothing that nobody can tell, and says so when its time is over", async () => {
    const { run, build, current, clock } = setting("rollback");
    build(1, "silent");
    await run();
    expect((await run()).notices).toEqual([]);
    clock.time += 60 * minute;
    const late = await run();
    expect(late.notices).toEqual(["web 1.1 in staging could not be verified in its time: seen: is silent"]);
    expect(current("staging")).toMatchObject({ state: "committed" });
  });

  it("fails nothing by what only waits for a gate that nobody can tell", async () => {
    const acting = { name: "command", options: { run: ["./smoke-test"] } };
    const { run, build, current, clock } = setting("rollback", [
      environment("staging", {
        policy: onMain,
        verify: { ...verify("rollback"), gates: [...verify("hold").gates, acting] },
      }),
    ]);
    build(1, "silent");
    await run();
    await run();
    clock.time += 60 * minute;
    const late = await run();
    expect(late.notices).toEqual(["web 1.1 in staging could not be verified in its time: seen: is silent"]);
    expect(current("staging")).toMatchObject({ state: "committed" });
  });

  it("lets a person try again what failed, with a reason, and verifies it anew", async () => {
    const { run, build, words, current, ports, ask } = setting();
    const { id } = build(1, "broken");
    await run();
    await run();
    words.set(id, "healthy");
    const { decisions } = await promote(ask({ environments: ["staging"], artifact: id }), ports);
    expect(decisions).toMatchObject([
      {
        result: "unchanged",
        reason: expect.stringContaining("it failed, and is tried again for whoever gives a reason"),
      },
    ]);
    const again = ask({ environments: ["staging"], artifact: id, reason: "the database is back" });
    expect((await promote(again, ports)).result).toBe("promoted");
    expect(current("staging")).toMatchObject({ kind: "override", state: "committed" });
    await run();
    expect(current("staging")).toMatchObject({ state: "healthy" });
    expect(current("production")?.artifact.id).toBe(id);
  });

  it.each([
    ["goes back together in one commit where it moves together, also what is healthy", true, "1.1"],
    ["goes back alone where it does not", false, "1.2"],
  ])("of what was released at once one failed: it %s", async (_, set, api) => {
    const from = { mode: "all" as const, environments: [envName("staging")] };
    const production = environment("production", { from, auto: "upstream", set, verify: verify("rollback") });
    const { run, build, current, messages } = setting(
      "hold",
      [environment("staging", { policy: onMain }), production],
      ["api", "web"],
    );
    for (const app of ["api", "web"]) build(1, "healthy", app);
    await run();
    await run();
    build(2, "healthy", "api");
    build(2, "broken", "web");
    await run();
    const count = messages().length;
    const { notices } = await run();
    expect(notices).toEqual([]);
    expect(current("production", "web")).toMatchObject({
      kind: "rollback",
      artifact: { images: { web: { tag: "1.1" } } },
    });
    expect(current("production", "api")).toMatchObject({ artifact: { images: { web: { tag: api } } } });
    expect(messages().slice(count)).toEqual([
      "Record what became of 2 releases, of which 1 failed",
      `Roll back ${set ? "api, web" : "web"} in production${set ? "" : " to 1.1"}`,
    ]);
  });

  it("tells of what was merged before it is verified: neither takes the other's place", async () => {
    const notify = { status: true, deployment: undefined, comment: false };
    const staging = environment("staging", { policy: onMain, verify: verify("hold"), propose: {}, notify });
    const { run, build, current, ports, repository, clock } = setting("hold", [staging]);
    const forge = new MemoryForge(repository);
    Object.assign(ports, { proposing: forge });
    build(1, "healthy");
    await run();
    forge.merge(1, clock.now());
    const first = await run();
    expect(first.arrived).toMatchObject([{ app: "web", release: { state: "committed" } }]);
    expect(first.verified).toEqual([]);
    expect(current("staging")).toMatchObject({ state: "committed", releasedAt: timestamp(clock.time) });
    const second = await run();
    expect(second.arrived).toEqual([]);
    expect(second.verified).toMatchObject([{ isNews: true, release: { state: "healthy" } }]);
    expect(current("staging")).toMatchObject({ state: "healthy" });
  });

  it("tells the gates when a release was first seen there, and what was there before", async () => {
    const { run, build, words, ports, clock } = setting("hold", [
      environment("staging", {
        policy: onMain,
        verify: { ...verify("hold"), gates: [...verify("hold").gates, health] },
      }),
    ]);
    const told: (Pick<ReleaseInPlace, "arrivedAt"> & { before: string | undefined })[] = [];
    const gates = ports.gates.map((gate) =>
      gate.name !== "health"
        ? gate
        : {
            ...gate,
            observe: (_subject: unknown, _state: unknown, _options: unknown, { release }: Look) => {
              told.push({ arrivedAt: release?.arrivedAt, before: release?.before?.images.web?.tag });
              return { kind: "seen", places: [{ state: "waits", seen: "is there", synced: true }] };
            },
          },
    );
    Object.assign(ports, { gates });
    build(1, "coming");
    await run();
    const first = clock.time;
    await run();
    clock.time += minute;
    await run();
    expect(told).toEqual([
      { arrivedAt: "awaited", before: undefined },
      { arrivedAt: first, before: undefined },
    ]);
    words.set(build(2, "coming").id, "coming");
    await run();
    await run();
    expect(told.at(-1)).toEqual({ arrivedAt: "awaited", before: "1.1" });
  });

  it("makes no endless loop of rollbacks and promotions, whatever the releases do", async () => {
    const word = fc.constantFrom<Word>("healthy", "broken", "synced", "silent", "coming");
    const step = fc.oneof(
      fc.record({ kind: fc.constant("build" as const), word }),
      fc.record({ kind: fc.constant("turn" as const), which: fc.nat(5), word }),
      fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ kind: fc.constant("run" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const made = setting("rollback");
        let built = 0;
        for (const one of steps) {
          if (one.kind === "build") made.build(++built, one.word);
          else if (one.kind === "turn") {
            const artifact = made.artifacts[one.which];
            if (artifact !== undefined) made.words.set(artifact.id, one.word);
          } else if (one.kind === "time") made.clock.time += one.minutes * minute;
          else await made.run();
        }
        // As if nothing changed any more: a release may be begun to be looked at, fail and be undone, and what it goes back to
        // may fail as well; then nothing is written.
        for (let count = 0; count < 8; count++) {
          made.clock.time += 30 * minute;
          await made.run();
        }
        const { length } = made.repository.commits;
        for (let count = 0; count < 3; count++) {
          made.clock.time += 30 * minute;
          await made.run();
        }
        expect(made.repository.commits).toHaveLength(length);
        const record = made.record("staging");
        const all = record === undefined ? [] : releases(record);
        // Each failure is undone once; each artifact is promoted once by itself.
        const promoted = all.filter(({ kind }) => kind === "promotion").map(({ artifact }) => artifact.id);
        expect(new Set(promoted).size).toBe(promoted.length);
        const rollbacks = all.filter(({ kind }) => kind === "rollback");
        expect(rollbacks.length).toBeLessThanOrEqual(all.filter(({ state }) => state === "failed").length);
      }),
      { numRuns: 60 },
    );
  });
});
