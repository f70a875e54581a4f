import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { valuesOf } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

const fileAt = (terminal: Terminal, path: string): unknown => JSON.parse(terminal.delivery.file(path));

test("what is released is shown, pinned, frozen and let go again", async () => {
  await using terminal = await Terminal.start();
  const id = await terminal.create("1.1.0", "b");
  const promote = ["promote", "--app", "web", "--environment", "staging"];
  const first = await terminal.json(...promote, "--artifact", id, "--request-id", "mine");
  expect([first.exitCode, first.answer.result], first.stderr).toEqual([0, "promoted"]);
  const again = await terminal.json(...promote, "--artifact", id, "--request-id", "mine");
  expect(again.answer).toMatchObject({
    result: "promoted",
    decisions: [{ repeated: true, commit: terminal.delivery.tip }],
  });

  const pin = ["pin", "web", "staging", "--reason", "incident 42", "--until", "2h"];
  expect((await terminal.json(...pin)).answer).toMatchObject({ schema: "glu.hold.v1", result: "changed" });
  expect(violations("pin", fileAt(terminal, ".glu/web/staging.pin.json"))).toEqual([]);
  const freeze = ["freeze", "all", "--reason", "holidays"];
  expect((await terminal.json(...freeze)).answer).toMatchObject({ result: "changed" });
  expect(violations("freeze", fileAt(terminal, ".glu/_freeze/all.json"))).toEqual([]);

  const other = await terminal.create("1.2.0", "c");
  const held = await terminal.json(...promote, "--artifact", other);
  expect([held.exitCode, held.answer.result]).toEqual([3, "held"]);
  const [decision] = held.answer.decisions as { gates: { code: string | null; clearedBy: string | null }[] }[];
  const unmet = decision?.gates.filter(({ code }) => code !== null);
  expect(unmet?.map(({ code }) => code)).toEqual(expect.arrayContaining(["pin/pinned", "freeze/frozen"]));
  for (const { clearedBy } of unmet ?? []) expect(clearedBy).not.toBeNull();
  const plan = await terminal.glu("plan", "--app", "web", "--environment", "staging", "--artifact", other);
  expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining("incident 42")]);

  const status = await terminal.glu("status");
  expect([status.exitCode, status.stdout]).toEqual([0, expect.stringContaining("1.1.0")]);
  const { answer } = await terminal.json("status", "--environment", "staging", "--app", "web");
  expect(JSON.stringify(answer)).toContain("holidays");

  for (const lift of [
    ["unpin", "web", "staging"],
    ["unfreeze", "all"],
  ]) {
    expect((await terminal.json(...lift)).answer).toMatchObject({ result: "changed" });
    expect((await terminal.json(...lift)).answer).toMatchObject({ result: "unchanged" });
  }
  expect(terminal.delivery.config.git("ls-tree", "-r", "--name-only", "main")).not.toMatch(/pin\.json|_freeze/);
  expect((await terminal.json(...promote, "--artifact", other)).answer).toMatchObject({ result: "promoted" });
  const history = await terminal.json("history", "web", "staging");
  expect(history.exitCode, history.stderr).toBe(0);
  const text = JSON.stringify(history.answer);
  expect(text.indexOf(other)).toBeLessThan(text.indexOf(id));
});

test("validate and doctor find what is wrong, name the place, and change nothing", async () => {
  await using terminal = await Terminal.start();
  const { config } = terminal.delivery;
  expect(await terminal.json("validate")).toMatchObject({ exitCode: 0, answer: { result: "valid", findings: [] } });
  expect(await terminal.json("doctor")).toMatchObject({ exitCode: 0, answer: { result: "ok" } });
  config.push("main", { [valuesOf("web", "staging")]: "image: {}\n" });
  const missing = await terminal.json("validate");
  expect(missing).toMatchObject({
    exitCode: 2,
    answer: {
      result: "invalid",
      // Each value that cannot be written is told.
      findings: ["image.tag", "image.digest"].map((key) => ({
        path: valuesOf("web", "staging"),
        level: "error",
        message: expect.stringContaining(key),
      })),
    },
  });
  config.push("main", { "glu.yaml": "version: 1\nenviroments: {}\n" });
  const tip = terminal.delivery.tip;
  const misspelt = await terminal.json("validate");
  expect(misspelt).toMatchObject({
    exitCode: 2,
    answer: { schema: "glu.error.v1", at: { file: "glu.yaml", line: 2, column: 1 } },
  });
  expect(JSON.stringify(misspelt.answer)).toContain("environments");
  expect((await terminal.json("doctor")).exitCode).toBe(2);
  expect(terminal.delivery.tip).toBe(tip);
});

test("validate without a config repository looks at the folder that it is run in", async () => {
  await using terminal = await Terminal.start();
  const { machine } = terminal.delivery;
  const none = await machine.run("glu.js", ["validate"], {});
  expect([none.exitCode, none.stderr]).toEqual([
    2,
    expect.stringContaining(`There is no glu.yaml or glu.config.ts in ${machine.workspace}.`),
  ]);
  writeFileSync(join(machine.workspace, "glu.yaml"), terminal.delivery.file("glu.yaml"));
  const missing = await machine.run("glu.js", ["validate"], {});
  expect([missing.exitCode, missing.stdout]).toEqual([2, expect.stringContaining(valuesOf("web", "staging"))]);
});

test.each<[string, number, string, string[]]>([
  ["usage", 2, "config/unknown-app", ["promote", "--app", "wep", "--environment", "staging"]],
  ["an input", 2, "input/choice", ["promote", "--on-held", "maybe"]],
  ["a flag", 2, "usage/unknown-option", ["promote", "--enviroment=staging"]],
  ["a command", 2, "usage/unknown-command", ["promot"]],
  ["a group without its command", 2, "usage/missing-command", ["artifact"]],
  ["an outside system", 4, "repository/unreachable", ["status", "--config-repository", "http://127.0.0.1:1/a.git"]],
])("an error of %s is JSON too, with exit code %i", async (_name, exitCode, code, args) => {
  await using terminal = await Terminal.start();
  const failed = await terminal.json(...args);
  expect(failed).toMatchObject({ exitCode, answer: { schema: "glu.error.v1", result: "error", code } });
  expect(failed.answer.fix).toMatch(/\w/);
});

test("help teaches by examples, a mistake names what was meant, and completion is a script", async () => {
  await using terminal = await Terminal.start();
  const help = await terminal.glu("promote", "--help");
  expect([help.exitCode, help.stderr]).toEqual([0, ""]);
  expect(help.stdout).toMatch(/Examples:\n {2}# /);
  expect(help.stdout).not.toContain("--token");
  const typo = await terminal.glu("promot");
  expect([typo.exitCode, typo.stdout, typo.stderr]).toEqual([2, "", expect.stringContaining("promote")]);
  const group = await terminal.glu("artifact");
  expect([group.exitCode, group.stdout]).toEqual([2, expect.stringMatching(/^Usage: glu artifact /)]);
  const completion = await terminal.glu("completion", "bash");
  expect([completion.exitCode, completion.stdout]).toEqual([0, expect.stringContaining("complete ")]);
});
