import { stringify } from "yaml";
import { actionCommands } from "../commands/all.ts";
import type { Command } from "../schema/command.ts";
import { type Input, rootDefault } from "../schema/input.ts";
import { banner, onHost } from "./shared.ts";

/** How an action looks on the marketplace; icons are Feather's, the colours GitHub's list. */
const branding: Readonly<Record<string, { icon: string; color: string }>> = {
  "build-artifact": { icon: "package", color: "blue" },
  promote: { icon: "arrow-up-circle", color: "green" },
  rollback: { icon: "rotate-ccw", color: "red" },
  pin: { icon: "anchor", color: "purple" },
  unpin: { icon: "unlock", color: "purple" },
  freeze: { icon: "pause-circle", color: "blue" },
  unfreeze: { icon: "play-circle", color: "blue" },
  "preview-up": { icon: "eye", color: "green" },
  "preview-down": { icon: "eye-off", color: "gray-dark" },
  drift: { icon: "alert-triangle", color: "orange" },
};

interface ActionInput {
  description: string;
  required: boolean;
  default?: string;
}

function actionInput({ description, required, actionDefault, ...input }: Input): ActionInput {
  const fallback = actionDefault ?? (input.kind === "flag" ? "false" : input.default);
  return { description, required, ...(fallback === undefined ? {} : { default: fallback }) };
}

function actionYml(action: object): string {
  return `${banner("#")}\n${stringify(action, { lineWidth: 0 })}`;
}

/** The `action.yml` of one command; `main` is relative to it, as GitHub allows it to lie outside its folder. */
export function commandAction(command: Command): string {
  return actionYml({
    name: `Glu: ${command.name}`,
    description: command.summary,
    author: "Glu",
    branding: branding[command.name] ?? { icon: "layers", color: "blue" },
    inputs: Object.fromEntries(onHost(command, "action").map(([name, input]) => [name, actionInput(input)])),
    outputs: outputs(command),
    runs: { using: "node24", main: `../../dist/${command.name}.js` },
  });
}

function outputs(command: Command): Record<string, { description: string }> {
  return Object.fromEntries(Object.entries(command.outputs).map(([name, description]) => [name, { description }]));
}

/**
 * The root `action.yml`: `command`, and the inputs of all commands. It has no defaults but those that only the runner
 * can compute and those of inputs that may not be empty, so that an input which another command has can be told from one that was given.
 */
export function rootAction(): string {
  const inputs: Record<string, ActionInput> = {
    command: {
      description: `Which command to run: ${actionCommands.map(({ name }) => `\`${name}\``).join(" or ")}.`,
      required: true,
    },
  };
  for (const name of new Set(actionCommands.flatMap((command) => onHost(command, "action").map(([key]) => key)))) {
    inputs[name] = unionInput(name);
  }
  const allOutputs: Record<string, { description: string }> = {};
  for (const command of actionCommands) {
    for (const [name, { description }] of Object.entries(outputs(command))) {
      const others = allOutputs[name] === undefined ? "" : `${allOutputs[name].description} `;
      allOutputs[name] = { description: `${others}${command.name}: ${description}` };
    }
  }
  return actionYml({
    name: "Glu Actions",
    description: "Delivery as code inside the CI you already have: release artifacts and promotions, all state in Git",
    author: "Glu",
    branding: { icon: "layers", color: "blue" },
    inputs,
    outputs: allOutputs,
    runs: { using: "node24", main: "dist/main.js" },
  });
}

function unionInput(name: string): ActionInput {
  const having = actionCommands.flatMap((command: Command) => {
    const input = command.inputs[name];
    return input === undefined ? [] : [{ command, input }];
  });
  const descriptions = new Set(having.map(({ input }) => input.description));
  const everywhere = having.length === actionCommands.length && descriptions.size === 1;
  const description = everywhere
    ? [...descriptions].join("")
    : having.map(({ command, input }) => `${command.name}: ${input.description}`).join(" ");
  const [first] = having;
  const fallback = first === undefined ? undefined : rootDefault(first.input);
  return { description, required: false, ...(fallback === undefined ? {} : { default: fallback }) };
}
