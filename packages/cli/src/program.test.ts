import { execFileSync } from "node:child_process";
import { commands, parseInputs } from "@glu/inputs";
import { describe, expect, it } from "vitest";
import { completionScript } from "./completion.ts";
import { readCommandLine as readWith, shells } from "./program.ts";

const readCommandLine = (argv: readonly string[]) => readWith(argv, commands);

describe("the command line", () => {
  it("gives lists, flags and negated flags as the inputs take them", () => {
    const read = readCommandLine(["promote", "--app", "web", "--app", "api", "--plan", "--no-set", "-o", "json"]);
    expect(read).toMatchObject({
      kind: "command",
      raw: { app: ["web", "api"], plan: "true", set: "false", output: "json" },
    });
  });

  it("says of each group what its commands do", () => {
    const help = readCommandLine(["--help"]);
    expect(help).toMatchObject({ text: expect.stringMatching(/config <command> \[flags\] +Show the configuration/) });
    expect(help).toMatchObject({ text: expect.stringMatching(/artifact <command> \[flags\] +Make, extend, show/) });
  });

  it("knows what people try first", () => {
    expect(readCommandLine(["--version"])).toMatchObject({ definition: { name: "version" } });
    expect(readCommandLine(["help"])).toEqual(readCommandLine(["--help"]));
    expect(readCommandLine(["help", "promote"])).toEqual(readCommandLine(["promote", "--help"]));
    expect(readCommandLine(["help", "artifact", "list"])).toEqual(readCommandLine(["artifact", "list", "--help"]));
  });

  it("takes a word by its name, too, and says it when it is given both ways", () => {
    expect(readCommandLine(["validate", "--config", "a.yaml"])).toMatchObject({ raw: { config: "a.yaml" } });
    expect(readCommandLine(["history", "--environment", "b", "a"])).toMatchObject({
      raw: { app: "a", environment: "b" },
    });
    expect(readCommandLine(["validate", "b.yaml", "--config", "a.yaml"])).toMatchObject({
      raw: { config: ["b.yaml", "a.yaml"] },
    });
  });

  it("ends a sentence once", () => {
    expect(() => readCommandLine(["pin", "a", "b", "c"])).toThrow(/ got 3\.$/);
  });

  it("hands on all values of what takes one, so that the inputs refuse them", () => {
    const read = readCommandLine(["artifact", "list", "--limit", "3", "--limit", "4"]);
    if (read.kind !== "command") throw new Error("it is a command");
    expect(() => parseInputs(read.definition, read.raw)).toThrow(expect.objectContaining({ code: "input/repeated" }));
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
    [["promot"], "usage/unknown-command", "promote"],
    [["promote", "--enviroment", "x"], "usage/unknown-option", "--environment"],
    [["promote", "--enviroment=x"], "usage/unknown-option", "--environment"],
    [["promote", "--plan=yes"], "usage/unexpected-value", "--no-plan"],
    [["promote", "--app"], "usage/option-missing-argument", "help"],
    [["pin", "a", "b", "c"], "usage/excess-arguments", "help"],
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

  it.each([[["artifact", "-o", "json"]], [["artifact", "-o=json"]], [["--output=json"]], [["--output", "json"]]])(
    "%j lacks a command, and the flag is not blamed",
    (argv) => {
      expect(() => readCommandLine(argv)).toThrow(expect.objectContaining({ code: "usage/missing-command" }));
    },
  );

  it("blames the flag of a command that does not take it", () => {
    expect(() => readCommandLine(["demo", "-o", "json"])).toThrow(
      expect.objectContaining({ code: "usage/unknown-option" }),
    );
  });

  it("takes -o=json for -o json", () => {
    expect(readCommandLine(["status", "-o=json"])).toMatchObject({ raw: { output: "json" } });
  });

  it("shows what is required, and takes it from elsewhere all the same", () => {
    const help = readCommandLine(["pin", "--help"]);
    const text = help.kind === "text" ? help.text : "";
    expect(text).toContain("Usage: glu pin <app> <environment> [flags]");
    expect(text).toMatch(/--reason <text> [^-]*\(required\)/);
    expect(readCommandLine(["pin"])).toMatchObject({ kind: "command", raw: {} });
  });

  it.each([[[]], [["promote", "--help"]], [["artifact", "--help"]], [["completion", "--help"]]])(
    "%j speaks of flags, as its errors do",
    (argv) => {
      const help = readCommandLine(argv);
      expect(help.kind === "text" && help.text).toContain("Flags:");
      expect(help.kind === "text" && help.text).not.toMatch(/options?\b/i);
      for (const mistake of [["--nothing"], ["promote", "--app"]]) {
        expect(() => readCommandLine(mistake)).toThrow(/flag/i);
      }
    },
  );

  it("says of each group what its own commands are about", () => {
    const { text } = readCommandLine(["--help"]) as { text: string };
    const groups = [...text.matchAll(/^ {2}(\S+) <command> \[flags\] +(\S.*)$/gm)].map(([, name, says]) => [
      name,
      says,
    ]);
    expect(groups).toEqual([
      ["config", expect.stringMatching(/^Show the configuration/)],
      ["artifact", expect.stringMatching(/^Make, extend, show and list/)],
      ["preview", expect.stringMatching(/^Bring previews up and down/)],
    ]);
  });

  it("without words is help", () => {
    expect(readCommandLine([])).toMatchObject({ kind: "text", text: expect.stringContaining("glu demo") });
  });

  it("completes formats behind the short flag as behind the long one", () => {
    expect(completionScript("bash", commands)).toContain('-o|--output) COMPREPLY=($(compgen -W "text json markdown"');
    expect(completionScript("fish", commands)).toContain('-s o -l output -x -a "text json markdown"');
  });

  it("completes the formats of a command that has more of them", () => {
    const script = completionScript("bash", commands);
    expect(script).toContain('"graph -o"|"graph --output") COMPREPLY=($(compgen -W "text json markdown mermaid svg"');
    const complete = (...words: string[]) => {
      const line = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length - 1}\n_glu\necho "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["-c", line], { encoding: "utf8" }).trim();
    };
    expect(complete("glu", "graph", "-o", "")).toBe("text json markdown mermaid svg");
    expect(complete("glu", "status", "-o", "")).toBe("text json markdown");
    expect(complete("glu", "expl")).toBe("explain");
    expect(complete("glu", "explain", "--art")).toBe("--artifact");
  });

  it.each(shells)("completes every command in %s", (shell) => {
    const script = completionScript(shell, commands);
    for (const command of commands) expect(script).toContain(command.cli.split(" ").at(-1));
  });
});
