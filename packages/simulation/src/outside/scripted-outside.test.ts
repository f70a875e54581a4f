import { noOutside } from "@glu/core";
import { describe, expect, it } from "vitest";
import { ScriptedOutside } from "./scripted-outside.ts";

const keyOf = (text: string) => ({ text, since: 0 });

const { signal } = new AbortController();
const question = (url: string) => ({ method: "GET" as const, url, headers: {}, body: undefined });
const target = { repository: undefined, workflow: "smoke.yml", ref: "main" };
const notScripted = { code: "simulation/not-scripted", kind: "outside" };

describe("the world outside of a simulation", () => {
  it("answers what was scripted, the last thing that was", async () => {
    const outside = new ScriptedOutside(() => 0, noOutside.functions);
    outside.answer("https://a.test/", { status: 503 });
    expect(await outside.http.ask(question("https://a.test/"), signal)).toEqual({ status: 503, headers: {}, body: "" });
    outside.answer("https://a.test/", { body: { ok: true }, headers: { "X-Age": "1" } });
    expect(await outside.http.ask(question("https://a.test/"), signal)).toEqual({
      status: 200,
      headers: { "x-age": "1" },
      body: '{"ok":true}',
    });
    outside.answer("https://a.test/", "down");
    await expect(outside.http.ask(question("https://a.test/"), signal)).rejects.toMatchObject({
      code: "simulation/down",
      transient: true,
    });
  });

  it("ends programs, knows teams and variables", async () => {
    const outside = new ScriptedOutside(() => 0, noOutside.functions);
    outside.command("smoke", { code: 1, output: "no" });
    outside.team("acme/ops", ["ada"]);
    outside.variable("KEY", "value");
    const run = outside.commands.run({ argv: ["smoke", "--all"], variables: {} }, signal);
    expect(await run).toEqual({ code: 1, output: "no" });
    expect(await outside.actors.isIn("acme/ops", "ada", signal)).toBe(true);
    expect(await outside.actors.isIn("acme/ops", "bob", signal)).toBe(false);
    expect([outside.secret("KEY"), outside.secret("OTHER")]).toEqual(["value", undefined]);
  });

  it("finds a run of a workflow when it was started, under its key alone", async () => {
    const outside = new ScriptedOutside(() => 7, noOutside.functions);
    outside.workflow("smoke.yml", "running");
    expect(await outside.workflows.find(target, keyOf("k"), signal)).toBeUndefined();
    await outside.workflows.start(target, keyOf("k"), { version: "1" }, signal);
    expect(await outside.workflows.find(target, keyOf("k"), signal)).toMatchObject({ state: "running", startedAt: 7 });
    expect(await outside.workflows.find(target, keyOf("other"), signal)).toBeUndefined();
    outside.workflow("smoke.yml", "succeeded");
    expect(await outside.workflows.find(target, keyOf("k"), signal)).toMatchObject({ state: "succeeded" });
    expect(outside.started).toMatchObject([{ key: "k", inputs: { version: "1" } }]);
  });

  it("does not answer what nobody thought of, and names what may have been meant", async () => {
    const outside = new ScriptedOutside(() => 0, noOutside.functions);
    outside.answer("https://a.test/health", {});
    await expect(outside.http.ask(question("https://a.test/helth"), signal)).rejects.toMatchObject({
      ...notScripted,
      fix: "Did you mean https://a.test/health?",
    });
    await expect(outside.commands.run({ argv: ["smoke"], variables: {} }, signal)).rejects.toMatchObject(notScripted);
    await expect(outside.workflows.start(target, keyOf("k"), {}, signal)).rejects.toMatchObject(notScripted);
    await expect(outside.actors.isIn("acme/ops", "ada", signal)).rejects.toMatchObject(notScripted);
    expect(outside.started).toEqual([]);
  });
});
