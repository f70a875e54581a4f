import { parseRollbackTarget } from "@glu/core";
import { GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Machine } from "../product/glu-process.ts";
import { Past, type PastRepository } from "./past.ts";

// In Berlin the hour from two o'clock came twice on 25 October 2026: first as +02:00, then as +01:00.
const releases = ["2026-10-24T12:00:00Z", "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z"];
releases.push("2026-10-25T01:45:00Z");

/** The last Sunday of a month, in the year after the next: when clocks are set in Berlin, and not yet. */
function lastSunday(month: 3 | 10): string {
  const year = new Date().getUTCFullYear() + 2;
  const last = new Date(Date.UTC(year, month, 0));
  last.setUTCDate(last.getUTCDate() - last.getUTCDay());
  return last.toISOString().slice(0, 10);
}

describe("where the clocks are set", () => {
  let repository: PastRepository;
  let server: GitServer;
  let machine: Machine;
  let tip: string;
  beforeAll(async () => {
    const past = new Past({ apps: ["web"] }, Date.parse("2026-10-24T00:00:00Z"));
    for (const [index, at] of releases.entries()) past.release([{ app: "web", number: index + 1, at: Date.parse(at) }]);
    repository = past.make();
    tip = repository.fixture.git("rev-parse", "main");
    server = await GitServer.start(repository.fixture.root);
    machine = new Machine();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    machine[Symbol.dispose]();
    repository[Symbol.dispose]();
  });

  const glu = async (...args: string[]) => {
    repository.reset(tip);
    const ended = await machine.glu([...args, "--config-repository", server.url("config.git"), "-o", "json"]);
    return { ...ended, said: ended.stdout + ended.stderr };
  };

  it.each([
    ["2026-10-25T02:00:00+02:00", 1],
    ["2026-10-25T02:30:00+02:00", 2],
    ["2026-10-25T02:59:59+02:00", 3],
    ["2026-10-25T02:00:00+01:00", 3],
    ["2026-10-25T02:30:00+01:00", 4],
    ["2026-10-25T00:30:00Z", 2],
    ["2026-10-24T20:30:00-04:00", 2],
    ["2026-10-25T02:30+02:00[Europe/Berlin]", 2],
    ["2026-10-25T02:30+01:00[Europe/Berlin]", 4],
    ["2026-10-25T01:59[Europe/Berlin]", 1],
  ])("a rollback to %s ends where it ran then", async (to, number) => {
    const { code, said } = await glu("rollback", "--app", "web", "--environment", "production", "--to", to);
    expect([code, repository.runs("web")], said).toEqual([0, number]);
  });

  it.each([
    "2026-10-25T02:30[Europe/Berlin]",
    "2026-03-29T02:30[Europe/Berlin]",
    "2026-10-25T02:30:00",
    "2026-10-25T02:30+03:00[Europe/Berlin]",
  ])("a rollback to %s, which no clock or two clocks showed, changes nothing", async (to) => {
    const { code, said } = await glu("rollback", "--app", "web", "--environment", "production", "--to", to);
    expect(code, said).toBe(2);
    expect(said).toMatch(/"input\/(?:time|to)"/);
    expect(repository.fixture.git("rev-parse", "main")).toBe(tip);
  });

  it("a day is 24 hours, and an hour the one that passed, over the change", async () => {
    const now = Date.parse("2026-10-25T11:00:00Z");
    expect(await parseRollbackTarget("1d", now)).toEqual({ kind: "time", at: Date.parse("2026-10-24T11:00:00Z") });
    const afterwards = Date.parse("2026-10-25T02:30:00+01:00");
    expect(await parseRollbackTarget("1h", afterwards)).toEqual({
      kind: "time",
      at: Date.parse("2026-10-25T02:30:00+02:00"),
    });
  });

  it.each(["pin", "freeze"])("a %s ends at the one of two hours that its offset names", async (hold) => {
    const day = lastSunday(10);
    const what = hold === "pin" ? ["pin", "web", "production"] : ["freeze", "production"];
    const path = hold === "pin" ? ".glu/web/production.pin.json" : ".glu/_freeze/production.json";
    const ends = [
      [`${day}T02:30+02:00[Europe/Berlin]`, `${day}T00:30:00.000Z`],
      [`${day}T02:30:00+01:00`, `${day}T01:30:00.000Z`],
    ] as const;
    for (const [until, expected] of ends) {
      const { code, said } = await glu(...what, "--reason", "the clocks", "--until", until);
      expect(code, said).toBe(0);
      expect(JSON.parse(repository.text(path))).toMatchObject({ until: expected });
    }
    for (const until of [`${day}T02:30[Europe/Berlin]`, `${lastSunday(3)}T02:30[Europe/Berlin]`]) {
      const { code, said } = await glu(...what, "--reason", "the clocks", "--until", until);
      expect([code, repository.fixture.git("rev-parse", "main")], said).toEqual([2, tip]);
    }
  });
});
