import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { CommandResult, CommandRunner } from "../ports/outside.ts";
import { type Looking, looked } from "../test-kit/looking.ts";
import { artifactOf } from "../test-kit/memory.ts";
import { command } from "./command.ts";

type Run = Parameters<CommandRunner["run"]>[0];

/** What the gate says when the program ends so, and what was run. */
async function ran(given: unknown, result: CommandResult | OutsideError, looking: Looking = {}) {
  const runs: Run[] = [];
  const commands: CommandRunner = {
    run: async (run) => {
      runs.push(run);
      if (result instanceof Error) throw result;
      return result;
    },
  };
  const gate = await looked(command, given, { ...looking, outside: { commands, ...looking.outside } });
  return { gate, runs };
}

const test = { run: ["./smoke-test", "--quick"] };

describe("the gate command", () => {
  it.each([
    [
      { code: 0, output: "" },
      { met: true, seen: "./smoke-test ended with 0" },
    ],
    [
      { code: 0, output: "ok\n" },
      { met: true, output: "ok" },
    ],
    [
      { code: 1, output: "1 of 2\n" },
      { met: false, code: "command/failed", seen: "./smoke-test ended with 1", output: "1 of 2" },
    ],
    [
      { code: undefined, output: "" },
      { met: false, code: "command/failed", seen: "./smoke-test was ended by a signal" },
    ],
  ])("after %j says %j", async (result, said) => {
    const { gate } = await ran(test, result);
    expect(gate).toMatchObject({ outcome: "held", ...said });
    if (result.output === "") expect(gate).not.toHaveProperty("output");
  });

  it("is held when the program cannot be started, and says why", async () => {
    const { gate } = await ran(
      test,
      new OutsideError("command/not-started", '"x" cannot be started: ENOENT.', { fix: "Install x." }),
    );
    expect(gate).toMatchObject({
      met: false,
      outcome: "held",
      code: "command/not-started",
      seen: 'could not be evaluated: "x" cannot be started: ENOENT',
      clearedBy: "Install x.",
    });
  });

  it("ends a program whose time is over, and shows what it printed", async () => {
    const commands: CommandRunner = {
      run: (_run, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ code: undefined, output: "waiting for the database" }));
        }),
    };
    const gate = await looked(command, { ...test, timeout: "1s" }, { outside: { commands } });
    expect(gate).toMatchObject({ met: false, code: "command/timeout", seen: "./smoke-test did not end within 1s" });
    expect(gate.output).toBe("waiting for the database");
  });

  it("says by variables what is promoted, whatever that is called, and never by an argument", async () => {
    const { images } = artifactOf("web", 3);
    const branch = "$(touch x); --help";
    const api = { ...images.web!, ref: "; rm -rf /" };
    const { runs } = await ran(
      test,
      { code: 0, output: "" },
      { artifact: { images: { ...images, "web-api": api }, vars: { branch } } },
    );
    expect(runs).toEqual([
      {
        argv: ["./smoke-test", "--quick"],
        variables: {
          GLU_APP: "web",
          GLU_ENVIRONMENT: "staging",
          GLU_ARTIFACT: expect.stringMatching(/^2026/),
          GLU_SHA: expect.stringMatching(/^[0-9a-f]{40}$/),
          GLU_IMAGE_WEB: images.web!.ref,
          GLU_IMAGE_WEB_API: "; rm -rf /",
          GLU_IMAGES: JSON.stringify({ web: images.web!.ref, "web-api": "; rm -rf /" }),
        },
      },
    ]);
  });

  it("gives a program the variables that the config names, and holds when the job has not one of them", async () => {
    const given = { ...test, variables: { BASE: "https://{{ env }}", TOKEN: { env: "SMOKE", prefix: "t:" } } };
    const render = (template: string) => template.replace("{{ env }}", "staging");
    const { runs } = await ran(
      given,
      { code: 0, output: "" },
      { render, outside: { secret: (name) => (name === "SMOKE" ? "s3cret" : undefined) } },
    );
    expect(runs[0]?.variables).toMatchObject({ BASE: "https://staging", TOKEN: "t:s3cret" });
    const without = await ran(given, { code: 0, output: "" }, { render, outside: { secret: () => "" } });
    expect(without.runs).toEqual([]);
    expect(without.gate).toMatchObject({ met: false, code: "command/no-variable", clearedBy: "SMOKE in the job" });
  });

  it("is held when a template has no value for the artifact", async () => {
    const render = () => {
      throw new UserError("template/missing-variable", "There is no vars.LEVEL.");
    };
    const { gate, runs } = await ran(
      { ...test, variables: { A: "{{ vars.LEVEL }}" } },
      { code: 0, output: "" },
      { render },
    );
    expect(gate).toMatchObject({ met: false, outcome: "held", code: "command/template" });
    expect(runs).toEqual([]);
  });

  it("is not run for a plan", async () => {
    const { gate, runs } = await ran(test, { code: 1, output: "" }, { plan: true });
    expect(gate).toMatchObject({ met: true, seen: "is looked at when this is promoted" });
    expect(runs).toEqual([]);
  });

  it("keeps the end of a long output, in whole lines", async () => {
    const output = Array.from({ length: 9000 }, (_, index) => `line ${index}`).join("\n");
    const { gate } = await ran(test, { code: 1, output });
    expect(gate.output!.length).toBeLessThanOrEqual(4000);
    expect(gate.output).toMatch(/^line \d+\n[\s\S]*\nline 8999$/);
  });

  it.each([
    [{}],
    [{ run: [] }],
    [{ run: [""] }],
    [{ run: "./smoke-test" }],
    [{ run: ["a\0b"] }],
    [{ ...test, timeout: "0s" }],
    [{ ...test, timeout: "2d" }],
    [{ ...test, variables: { GLU_IMAGE_WEB: "mine" } }],
    [{ ...test, variables: { GLU_APP: "mine" } }],
    [{ ...test, variables: { "A=B": "x" } }],
    [{ ...test, variables: { A: { env: "a b" } } }],
    [{ ...test, shell: true }],
  ])("refuses the options %j", (given) => {
    expect(command.options!.safeParse(given).success).toBe(false);
  });
});
