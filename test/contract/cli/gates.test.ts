import { expect, test } from "vitest";
import { config } from "../delivery.ts";
import { Terminal } from "./terminal.ts";

interface Answer {
  decisions: { result: string; reason: string; gates: { name: string; clearedBy?: string; clearsAt?: string }[] }[];
}

/** At a terminal nothing was pushed. */
const withGates = (gates: string) =>
  config.replace("event: push, ", "").replace("  staging:\n", `  staging:\n    gates: [${gates}]\n`);

async function promoted(terminal: Terminal) {
  const args = ["--app", "web", "--environment", "staging", "--artifact", "latest"];
  const { exitCode, answer } = await terminal.json("promote", ...args);
  return { exitCode, ...(answer as unknown as Answer).decisions[0]! };
}

test("a promotion waits for an item, and the command that it names attaches one", async () => {
  await using terminal = await Terminal.start({
    "glu.yaml": withGates("{ item: { name: tests, state: success, failed: { max: 0 } } }"),
  });
  await terminal.create("1.1.0", "b");
  const held = await promoted(terminal);
  expect(held).toMatchObject({ exitCode: 3, result: "held", reason: 'has no item "tests" yet' });
  const clearedBy = held.gates.find(({ name }) => name === "item")?.clearedBy ?? "";
  const [, words = "", item = ""] = /^glu (.*) '(.*)'$/.exec(clearedBy) ?? [];
  const added = await terminal.json(...words.split(" "), item);
  expect(added.exitCode, added.stderr).toBe(0);
  expect(await promoted(terminal)).toMatchObject({ exitCode: 0, result: "promoted" });
});

test("a promotion is held by a window that is blocked, with its reason", async () => {
  const always = '{ rule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", for: 366d, zone: Asia/Kolkata, reason: renovation }';
  await using terminal = await Terminal.start({ "glu.yaml": withGates(`{ window: { block: [${always}] } }`) });
  await terminal.create("1.1.0", "b");
  expect(await promoted(terminal)).toMatchObject({
    exitCode: 3,
    result: "held",
    reason: "is blocked now: renovation",
  });
});

test("a promotion passes a window that is open", async () => {
  const past = '{ rule: "FREQ=DAILY;COUNT=3", start: 2020-01-01, for: 1h, zone: Australia/Lord_Howe }';
  await using terminal = await Terminal.start({ "glu.yaml": withGates(`{ window: { block: [${past}] } }`) });
  await terminal.create("1.1.0", "b");
  expect(await promoted(terminal)).toMatchObject({ exitCode: 0, result: "promoted" });
});

test("nobody is verified at a terminal, whatever their name", async () => {
  await using terminal = await Terminal.start({ "glu.yaml": withGates("{ actor: { users: [ada, Ada] } }") });
  await terminal.create("1.1.0", "b");
  const held = await promoted(terminal);
  expect(held).toMatchObject({ exitCode: 3, result: "held" });
  expect(held.gates.find(({ name }) => name === "actor")).toMatchObject({ code: "actor/unverified" });
});
