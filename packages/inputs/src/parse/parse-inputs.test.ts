import { UserError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commands } from "../commands/all.ts";
import { artifactList } from "../commands/artifact-reading.ts";
import { buildArtifact } from "../commands/build-artifact.ts";
import { promote } from "../commands/promote.ts";
import type { RawInputs } from "./given.ts";
import { parseInputs } from "./parse-inputs.ts";

function refusal(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("parseInputs", () => {
  it("gives every input of promote its default when nothing is given", () => {
    expect(parseInputs(promote, {})).toEqual({
      mode: "promote",
      artifact: "latest",
      app: [],
      environment: [],
      configRepository: undefined,
      ref: undefined,
      config: undefined,
      token: undefined,
      hostToken: undefined,
      reason: undefined,
      plan: false,
      onHeld: undefined,
      overwrite: false,
      override: [],
      set: false,
      commitMessage: undefined,
      author: undefined,
      request: undefined,
      requestId: undefined,
      matrix: undefined,
      output: "text",
    });
  });

  it("takes empty and blank text as not given, on every kind of input but one that must hold something", () => {
    const names = Object.keys(promote.inputs).filter((name) => name !== "artifact");
    const blank = Object.fromEntries(names.map((name) => [name, " \n"]));
    expect(parseInputs(promote, blank)).toEqual(parseInputs(promote, {}));
  });

  it("splits names by comma and by line, and keeps their order", () => {
    expect(parseInputs(promote, { app: "b, a\n\nc," }).app).toEqual(["b", "a", "c"]);
    expect(parseInputs(promote, { app: ["b,a", "c"] }).app).toEqual(["b", "a", "c"]);
  });

  it("splits free values by line only, so that they may hold commas", () => {
    expect(parseInputs(buildArtifact, { app: "a", var: "A=1,2\n B=3 \n" }).var).toEqual(["A=1,2", "B=3"]);
  });

  it("keeps the value of a repeated flag as it is", () => {
    expect(parseInputs(buildArtifact, { app: "a", var: ["A=1,2", "B= x"] }).var).toEqual(["A=1,2", "B= x"]);
  });

  it("reads an item written as JSON over several lines, and an array of them", () => {
    const item = { name: "tests", url: "https://ci.acme.dev/42" };
    const parsed = (text: string) => parseInputs(buildArtifact, { app: "a", item: text }).item;
    expect(parsed(JSON.stringify(item, null, 2))).toEqual([JSON.stringify(item)]);
    expect(parsed(JSON.stringify([item, item], null, 2))).toEqual([JSON.stringify(item), JSON.stringify(item)]);
    expect(parsed(`{"name":"a"}\nb=https://x`)).toEqual(['{"name":"a"}', "b=https://x"]);
  });

  it("makes a branch a full ref", () => {
    expect(parseInputs(promote, { ref: "main" }).ref).toBe("refs/heads/main");
  });

  it("reads whole numbers", () => {
    expect(parseInputs(artifactList, { limit: "5" })).toMatchObject({ limit: 5, offset: 0 });
  });

  it("suggests the input that a misspelt name meant", () => {
    const error = refusal(() => parseInputs(promote, { enviroment: "production" }));
    expect(error.code).toBe("input/unknown");
    expect(error.fix).toBe('Did you mean "environment"?');
  });

  it.each([
    ["input/required", buildArtifact, {}],
    ["input/boolean", promote, { plan: "yes" }],
    ["input/boolean", promote, { plan: "True" }],
    ["input/choice", promote, { "on-held": "fails" }],
    ["input/number", artifactList, { limit: "-1" }],
    ["input/repeated", promote, { reason: ["a", "b"] }],
    ["input/line-break", promote, { reason: "a\nGlu-Kind: override" }],
    ["input/control-character", promote, { reason: "a\u001b[2J" }],
    ["input/pattern", promote, { app: "Frontend" }],
    ["input/pattern", promote, { app: "--output=x" }],
    ["input/pattern", buildArtifact, { app: "a", image: "web" }],
    ["input/pattern", promote, { author: "Ada" }],
    ["input/request-id", promote, { "request-id": "a b" }],
    ["input/ref", promote, { ref: "-delete" }],
    ["input/unknown", promote, { __proto__x: "a" }],
  ] as const)("refuses with %s", (code, command, raw) => {
    const error = refusal(() => parseInputs(command, raw as RawInputs));
    expect(error.code).toBe(code);
    expect(error.fix).toBeTruthy();
    expect(error.exitCode).toBe(2);
  });

  it("never shows a secret in an error", () => {
    for (const token of ["two words-s3cret", "$s3cret", "s3cret\nline", "s3cret\u0007"]) {
      const error = refusal(() => parseInputs(promote, { token }));
      expect(`${error.message} ${error.fix} ${JSON.stringify(error.seen)} ${error.stack}`).not.toContain("s3cret");
    }
  });

  it("either parses or throws a UserError with a code and a fix, whatever it is given", () => {
    const names = [...new Set(commands.flatMap((command) => Object.keys(command.inputs)))];
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("true", "false", "a", "{", "[{}]", "A=b", "web=x", "main", "\n", ",,", "__proto__"),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.constant(undefined),
    );
    const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.dictionary(name, value, { maxKeys: 6 }), (command, raw) => {
        try {
          const parsed = parseInputs(command, raw as RawInputs);
          expect(Object.keys(parsed)).toHaveLength(Object.keys(command.inputs).length);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).code).toMatch(/^input\//);
          expect((error as UserError).fix).toBeTruthy();
        }
      }),
      { numRuns: 1000 },
    );
  });
});
