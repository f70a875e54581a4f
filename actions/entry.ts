/**
 * The one entry of the bundle. Each command is loaded when it is asked for, so that a command pays for its own code
 * only, and the `glu` command never loads a CI library. A new action is a line here and its folder.
 */
const commands = {
  "build-artifact": () => import("./build-artifact/main.ts"),
  promote: () => import("./promote/main.ts"),
  glu: () => import("./glu.ts"),
} as const satisfies Record<string, () => Promise<unknown>>;

/** What a stub in `dist/` names: a command, or `main`, the root action, whose input `command` names the action. */
export type EntryName = keyof typeof commands | "main";

/** Runs one command to its end; importing its module is running it. */
export async function run(name: EntryName): Promise<void> {
  const command = name === "main" ? chosenAction(process.env.INPUT_COMMAND ?? "") : name;
  await commands[command]();
}

function chosenAction(input: string): keyof typeof commands {
  const actions = Object.keys(commands).filter((name) => name !== "glu");
  const chosen = input.trim();
  if (actions.includes(chosen)) return chosen as keyof typeof commands;
  process.stdout.write(
    `::error::The input "command" is ${JSON.stringify(chosen)}; it must be ${actions.join(" or ")}.\n`,
  );
  process.exit(2);
}
