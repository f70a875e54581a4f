import { commands } from "@glu/inputs";
import { describe, expect, it } from "vitest";
import { completionScript, shells } from "./completion.ts";
import { readCommandLine } from "./program.ts";

describe("the command line", () => {
  it("gives lists, flags and negated flags as the inputs take them", () => {
    const read = readCommandLine(["promote", "--app", "web", "--app", "api", "--plan", "--no-set", "-o", "json"]);
    expect(read).toMatchObject({
      kind: "command",
      raw: { app: ["web", "api"], plan: "true", set: "false", output: "json" },
    });
  });

  it("gives words by position", () => {
    const read = readCommandLine(["pin", "web", "production", "--reason", "incident"]);
    expect(read).toMatchObject({ raw: { app: "web", environment: "production", reason: "incident" } });
  });

  it.each(commands.map((command) => [command.cli]))("has help with examples for %s", (cli) => {
    const read = readCommandLine([...cli.split(" "), "--help"]);
    expect(read).toMatchObject({ kind: "text", exitCode: 0 });
    expect(read.kind === "text" && read.text).toContain(`glu ${cli}`);
  });

  it.each([
    [["promot"], "usage/unknownCommand", "promote"],
    [["promote", "--enviroment", "x"], "usage/unknownOption", "--environment"],
    [["promote", "--app"], "usage/optionMissingArgument", "help"],
    [["pin", "a", "b", "c"], "usage/excessArguments", "help"],
  ])("%j is %s and says what was meant", (argv, code, hint) => {
    expect(() => readCommandLine(argv)).toThrow(expect.objectContaining({ code, fix: expect.stringContaining(hint) }));
  });

  it.each([["--token=s3cret"], ["--token=s3cret'\nmore"], ["-t=s3cret"], ["--token", "s3cret"]])(
    "%j does not repeat a secret that was given to a flag that is not there",
    (...words) => {
      expect(() => readCommandLine(["promote", ...words])).toThrow(
        expect.objectContaining({
          message: expect.not.stringContaining("s3cret"),
          fix: expect.not.stringContaining("s3cret"),
        }),
      );
    },
  );

  it("without words is help", () => {
    expect(readCommandLine([])).toMatchObject({ kind: "text", text: expect.stringContaining("glu demo") });
  });

  it.each(shells)("completes every command in %s", (shell) => {
    const script = completionScript(shell);
    for (const command of commands) expect(script).toContain(command.cli.split(" ").at(-1));
  });
});
