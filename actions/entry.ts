/**
 * The one entry of the bundle. Each command is loaded when it is asked for, so that a command pays for its own code
 * only, and the `glu` command never loads a CI library. A new action is a line here and its folder.
 */
const commands = {
  "build-artifact": () => import("./build-artifact/main.ts"),
  promote: () => import("./promote/main.ts"),
  rollback: () => import("./rollback/main.ts"),
  pin: () => import("./pin/main.ts"),
  unpin: () => import("./unpin/main.ts"),
  freeze: () => import("./freeze/main.ts"),
  unfreeze: () => import("./unfreeze/main.ts"),
  "preview-up": () => import("./preview-up/main.ts"),
  "preview-down": () => import("./preview-down/main.ts"),
  drift: () => import("./drift/main.ts"),
  glu: () => import("./glu.ts"),
  main: () => import("./main.ts"),
} as const satisfies Record<string, () => Promise<unknown>>;

/** What a stub in `dist/` names: a command, or `main`, the root action, whose input `command` names the action. */
export type EntryName = keyof typeof commands;

/** Runs one command to its end; importing its module is running it. */
export async function run(name: EntryName): Promise<void> {
  await commands[name]();
}
