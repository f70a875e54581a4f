import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Item } from "../model/artifact.ts";
import { appName } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, pipelineOf, storeOf, world } from "../test-kit/memory.ts";
import type { Check, GateSubject, Look } from "./gate.ts";
import { item } from "./item.ts";

type Options = z.output<NonNullable<typeof item.options>>;

const a1 = artifactOf("web", 1);
const subject = { intent: { app: appName("web"), artifact: a1 } } as GateSubject;

async function said(options: Options, items: readonly Item[]): Promise<Check> {
  const look = { items: async () => items } as unknown as Look;
  return item.check(await item.observe(subject, undefined as never, options, look), options, 0, subject);
}

const scan: Item = {
  name: "scan",
  state: "done",
  critical: 0,
  high: 3,
  clean: true,
  "a.b": 1,
  summary: { low: 7, "c.d": { e: 2 } },
  text: "0",
  list: ["x"],
};

describe("an item", () => {
  it.each([
    ["is there", {}, true],
    ["has a text", { state: "done" }, true],
    ["has another text", { state: "Done" }, false],
    ["has a number", { critical: 0 }, true],
    ["has another number", { critical: 1 }, false],
    ["has a boolean", { clean: true }, true],
    ["has another boolean", { clean: false }, false],
    ["has a text, which is no number", { text: 0 }, false],
    ["has a number, which is no text", { critical: "0" }, false],
    ["has one of several", { state: ["running", "done"] }, true],
    ["has none of several", { state: ["running", "failed"] }, false],
    ["is within limits", { high: { min: 3, max: 3 } }, true],
    ["has too much", { high: { max: 2 } }, false],
    ["has too little", { high: { min: 4 } }, false],
    ["has a text, of which there are no limits", { text: { max: 5 } }, false],
    ["has a list, which is no value", { list: "x" }, false],
    ["has no such field", { missing: { max: 5 } }, false],
    ["has no field that every object inherits", { constructor: "x" }, false],
    ["has a field deeper", { "summary.low": 7 }, true],
    ["has a field of a name with a dot", { "a.b": 1 }, true],
    ["has a field deeper, by names with dots", { "summary.c.d.e": 2 }, true],
    ["has nothing below a text", { "state.length": 4 }, false],
    ["has one right and one wrong", { state: "done", critical: { min: 1 } }, false],
  ] as [string, Record<string, never>, boolean][])("%s", async (_, fields, met) => {
    const check = await said({ name: "scan", ...fields }, [{ name: "other", state: "other" }, scan]);
    expect(check.met).toBe(met);
    if (!met)
      expect(check).toMatchObject({ code: "item/not-as-asked", clearedBy: expect.stringContaining("never replaced") });
  });

  it("says what was seen and what was asked for", async () => {
    const options = {
      name: "scan",
      critical: { max: 0 },
      high: { max: 0 },
      state: ["a", "b"],
      "summary.low": { min: 8, max: 9 },
    };
    expect((await said(options, [scan])).seen).toBe(
      'its item "scan" is not as asked: high is 3, not at most 0, state is "done", not "a" or "b", summary.low is 7, not 8 to 9',
    );
    expect((await said({ name: "scan", state: "done", critical: 0 }, [scan])).seen).toBe(
      'has the item "scan", state is "done", critical is 0',
    );
  });

  it("that is not there yet is cleared by a command that attaches one", async () => {
    expect(await said({ name: "it's", state: "ok", critical: { max: 0 } }, [scan])).toMatchObject({
      met: false,
      code: "item/missing",
      seen: `has no item "it's" yet`,
      clearedBy: `glu artifact add ${a1.id} --app web --item '{"name":"it'\\''s","state":"ok","critical":0}'`,
    });
  });

  it("shows no more of a large value than a line holds", async () => {
    const check = await said({ name: "scan", list: "x" }, [{ name: "scan", list: "y".repeat(5000) }]);
    expect(check.seen.length).toBeLessThan(200);
  });

  it("of whatever shape is an answer, never a crash, and never what it is not", async () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fields, fc.string({ minLength: 1 }), async (found, path) => {
        const check = await said({ name: "scan", [path]: "asked for" } as Options, [
          { ...found, name: "scan" } as Item,
        ]);
        if (check.met && path !== "name") expect(JSON.stringify(found)).toContain("asked for");
      }),
    );
  });
});

it("holds a promotion until the item is attached", async () => {
  const gates = [{ name: "item", options: { name: "tests", state: "success" } }];
  const pipeline = pipelineOf(["web"], [environment("staging", { gates })]);
  const { ports, ask } = world({ pipeline, artifacts: [a1] });
  const request = ask({ environments: ["staging"], artifact: a1.id });
  expect((await promote(request, ports)).decisions[0]).toMatchObject({
    result: "held",
    reason: 'has no item "tests" yet',
  });
  const store = storeOf([a1]);
  const added: Item[] = [{ name: "tests", state: "success" }];
  const storesOf = () => [
    {
      ...store,
      read: async (...args: Parameters<typeof store.read>) =>
        new Map([...(await store.read(...args))].map(([id, stored]) => [id, { ...stored, addedItems: added }])),
    },
  ];
  expect((await promote(request, { ...ports, storesOf })).decisions[0]?.result).toBe("promoted");
});
