import { describe, expect, it } from "vitest";
import { commands, findCommand } from "../commands/all.ts";
import { buildArtifact } from "../commands/build-artifact.ts";
import { promote } from "../commands/promote.ts";
import { explain } from "../commands/reading.ts";
import { cliArguments, cliOptions } from "./cli-options.ts";

describe("cliOptions", () => {
  it("has no flag for a token, in any command", () => {
    for (const command of commands) {
      expect(cliOptions(command).filter(({ name }) => name.includes("token"))).toEqual([]);
      expect(Object.entries(command.inputs).filter(([, input]) => input.secret && input.hosts.includes("cli"))).toEqual(
        [],
      );
    }
  });

  it("has a flag for everything else that the action has", () => {
    for (const command of [buildArtifact, promote]) {
      const flags = cliOptions(command).map(({ name }) => name);
      const action = Object.keys(command.inputs).filter((name) => !["token", "host-token", "matrix"].includes(name));
      expect(flags).toEqual(action);
    }
  });

  it("says how a flag is written", () => {
    const options = new Map(cliOptions(promote).map((option) => [option.name, option]));
    expect(options.get("output")).toMatchObject({ flags: "-o, --output <format>", short: "o", default: "text" });
    expect(options.get("app")).toMatchObject({ flags: "--app <name>", repeatable: true, variable: "GLU_INPUT_APP" });
    expect(options.get("plan")).toMatchObject({ flags: "--plan", value: false, negatable: true, default: undefined });
  });

  it("gives each command words and letters of its own", () => {
    expect(new Set(commands.map(({ cli }) => cli)).size).toBe(commands.length);
    for (const command of commands) {
      const letters = cliOptions(command).flatMap(({ short }) => (short === undefined ? [] : [short]));
      expect(new Set(letters).size).toBe(letters.length);
    }
    expect(findCommand("artifact create")).toBe(buildArtifact);
  });
});

describe("cliArguments", () => {
  it("gives words in their order", () => {
    expect(cliArguments(explain).map(({ name, required }) => [name, required])).toEqual([
      ["app", true],
      ["environment", true],
    ]);
  });

  it("never has a word that must be given behind one that need not", () => {
    for (const command of commands) {
      const required = cliArguments(command).map((argument) => argument.required);
      expect([...required].sort((a, b) => Number(b) - Number(a))).toEqual(required);
    }
  });
});

describe("every input", () => {
  it("teaches: a sentence, and a summary per command", () => {
    for (const command of commands) {
      expect(command.summary, command.name).toMatch(/^[A-Z].*[^.]$/);
      for (const [name, input] of Object.entries(command.inputs)) {
        expect(input.description, `${command.name} ${name}`).toMatch(/^[A-Z][^\n]{8,}\.$/);
      }
    }
  });
});
