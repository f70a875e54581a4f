import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionCommands, commands } from "../commands/all.ts";
import { buildArtifact } from "../commands/build-artifact.ts";
import { promote } from "../commands/promote.ts";
import type { Command } from "../schema/command.ts";
import type { Input } from "../schema/input.ts";
import { actionVariableName, camelCase, variableName } from "../schema/names.ts";
import { readActionInputs } from "./action-inputs.ts";
import { readCliInputs } from "./cli-inputs.ts";
import { readRootCommand, rootActionName, withoutEmptyInputs } from "./root-inputs.ts";
import { readVariableInputs } from "./variable-inputs.ts";

describe("readActionInputs", () => {
  it("reads names as the runner writes them: upper case, hyphens kept", () => {
    const env = { "INPUT_CONFIG-REPOSITORY": "acme/deployments", INPUT_APP: "a\nb", INPUT_PLAN: "true", PATH: "/bin" };
    expect(readActionInputs(promote, env)).toMatchObject({
      configRepository: "acme/deployments",
      app: ["a", "b"],
      plan: true,
    });
  });

  it("refuses a near miss, which the runner only warns of", () => {
    expect(() => readActionInputs(promote, { INPUT_ENVIROMENT: "production" })).toThrow('no input "enviroment"');
  });

  it("says that the runner writes hyphens, where '_' stands for one", () => {
    expect(() => readActionInputs(promote, { INPUT_ON_HELD: "fail" })).toThrow(
      "The variable INPUT_ON_HELD is not read: a runner writes INPUT_ON-HELD.",
    );
  });

  it("leaves names that are nothing like its own to the runner", () => {
    expect(readActionInputs(promote, { INPUT_SOMETHING_ELSE: "1" }).artifact).toBe("latest");
  });

  it("takes nothing from inputs that are not the action's", () => {
    expect(readActionInputs(promote, { "INPUT_REQUEST-ID": "mine", INPUT_OUTPUT: "json" })).toMatchObject({
      requestId: undefined,
      output: "text",
    });
  });
});

describe("readVariableInputs", () => {
  it("reads GLU_INPUT_ variables and the space behind a flag's value", () => {
    const env = { GLU_INPUT_CONFIG_REPOSITORY: "acme/deployments", GLU_INPUT_PLAN: "true ", GLU_INPUT_SET: "false " };
    expect(readVariableInputs(promote, env)).toMatchObject({
      configRepository: "acme/deployments",
      plan: true,
      set: false,
    });
  });

  it("says which variable of GitLab did not exist when a token stayed unexpanded", () => {
    expect(() => readVariableInputs(promote, { GLU_INPUT_TOKEN: "$DEPLOY_TOKEN" })).toThrow("token");
  });

  it("refuses a near miss and names the variable", () => {
    expect(() => readVariableInputs(promote, { GLU_INPUT_OVERWRTE: "true" })).toThrow("GLU_INPUT_OVERWRTE");
  });

  it("gives the same as the action for the same text", () => {
    const text = fc.constantFrom("", "main", "a,b", "true", "x\ny", "web=i:1");
    fc.assert(
      fc.property(fc.constantFrom(...actionCommands), fc.array(text, { maxLength: 20 }), (command, texts) => {
        const names = Object.keys(command.inputs).filter((name) => command.inputs[name as never]);
        const shared = names.filter((name) => !["request-id", "output"].includes(name));
        const env = (variable: (name: string) => string) =>
          Object.fromEntries(shared.map((name, index) => [variable(name), texts[index]]));
        const outcome = (read: () => unknown) => {
          try {
            return read();
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(() => readVariableInputs(command, env(variableName)))).toEqual(
          outcome(() => readActionInputs(command, env(actionVariableName))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("readCliInputs", () => {
  const env = { GLU_INPUT_APP: "from-variable", GLU_INPUT_PLAN: "true", GLU_INPUT_REF: "main" };

  it("puts what is on the command line over variables, and those over defaults", () => {
    const inputs = readCliInputs(promote, { app: ["a", "b"], plan: "false", reason: "" }, env);
    expect(inputs).toMatchObject({ app: ["a", "b"], plan: false, ref: "refs/heads/main", artifact: "latest" });
  });

  it("takes the variable when the flag is not there", () => {
    expect(readCliInputs(promote, {}, env)).toMatchObject({ app: ["from-variable"], plan: true });
  });
});

const rootCommand = async (env: Readonly<Record<string, string>>) => readRootCommand(env, rootActionName(env));

describe("the root action", () => {
  it("finds the command", async () => {
    expect(await rootCommand({ INPUT_COMMAND: "build-artifact" })).toBe(buildArtifact);
  });

  it("suggests the command that was meant", () => {
    const fix = expect.stringMatching(/^Did you mean promote\?/);
    expect(() => rootActionName({ INPUT_COMMAND: "promot" })).toThrow(
      expect.objectContaining({ code: "input/command", fix }),
    );
    for (const name of ["", "toString", "artifact create"]) {
      expect(() => rootActionName({ INPUT_COMMAND: name })).toThrow(expect.objectContaining({ code: "input/command" }));
    }
  });

  it("refuses an input that only the other command has", async () => {
    const env = { INPUT_COMMAND: "build-artifact", INPUT_OVERWRITE: "true" };
    await expect(rootCommand(env)).rejects.toMatchObject({ code: "input/other-command" });
  });
});

describe.each(actionCommands.map((command) => [command.name, command] as const))(
  "the root action with %s",
  (name, command) => {
    it("takes what a runner fills in for every command", async () => {
      const filled = actionCommands.flatMap((one) =>
        Object.entries<Input>(one.inputs).flatMap(([input, { actionDefault }]) =>
          actionDefault === undefined ? [] : [[actionVariableName(input), input === "matrix" ? "null" : "filled-in"]],
        ),
      );
      expect(filled.length).toBeGreaterThan(0);
      const env: Record<string, string> = { ...Object.fromEntries(filled), INPUT_COMMAND: name };
      expect(await rootCommand(env)).toBe(command);
    });
  },
);

describe("the names of inputs", () => {
  const names = [...new Set(commands.flatMap((command) => Object.keys(command.inputs)))];

  it("stay apart in every spelling", () => {
    for (const spelling of [camelCase, variableName, actionVariableName]) {
      expect(new Set(names.map((name) => spelling(name))).size).toBe(names.length);
    }
  });

  it("of other commands are never taken for a misspelling", () => {
    for (const command of actionCommands) {
      const others = names.filter((name) => !Object.hasOwn(command.inputs, name));
      const env = Object.fromEntries([...others, "command"].map((name) => [variableName(name), "x"]));
      const given = { GLU_INPUT_APP: "a", GLU_INPUT_ENVIRONMENT: "e", GLU_INPUT_REASON: "r" };
      const own = Object.fromEntries(
        Object.entries(given).filter(([name]) => Object.keys(command.inputs).some((one) => variableName(one) === name)),
      );
      const read: Readonly<Record<string, unknown>> = readVariableInputs<Command>(command, { ...env, ...own });
      expect(read.app ?? read.environment).toContain("app" in command.inputs ? "a" : "e");
    }
  });
});

describe("an artifact that was given and is empty", () => {
  it.each([
    ["by a runner", () => readActionInputs(promote, { INPUT_ARTIFACT: "" })],
    ["by a variable", () => readVariableInputs(promote, { GLU_INPUT_ARTIFACT: "" })],
    ["by a flag", () => readCliInputs(promote, { artifact: "" }, {})],
  ])("%s is a mistake and never the newest one", (_how, read) => {
    expect(read).toThrow(expect.objectContaining({ code: "input/empty" }));
  });

  it("through the root action is a mistake too, and does not matter to build-artifact", async () => {
    const given = async (command: string, artifact: string) => {
      const env = { INPUT_COMMAND: command, INPUT_APP: "web", INPUT_REASON: "", INPUT_ARTIFACT: artifact };
      return readActionInputs(await rootCommand(env), withoutEmptyInputs(env));
    };
    await expect(given("promote", "")).rejects.toMatchObject({ code: "input/empty" });
    expect(await given("promote", "latest")).toMatchObject({ artifact: "latest", reason: undefined });
    for (const artifact of ["", "latest"])
      expect(await given("build-artifact", artifact)).toMatchObject({ app: "web" });
    await expect(given("build-artifact", "./artifact.json")).rejects.toMatchObject({ code: "input/other-command" });
  });

  it("is the newest one when it was left out", () => {
    expect(readActionInputs(promote, {}).artifact).toBe("latest");
    expect(readCliInputs(promote, {}, {}).artifact).toBe("latest");
  });
});
