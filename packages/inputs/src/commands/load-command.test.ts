import { expect, it } from "vitest";
import { commands } from "./all.ts";
import { loadCommand } from "./load-command.ts";

it.each(commands.map((command) => [command.cli, command] as const))("%s is loaded by itself", async (cli, command) => {
  expect(await loadCommand([...cli.split(" "), "--help"])).toBe(command);
});

it.each([[[]], [["--help"]], [["promot"]], [["artifact"]], [["artifact", "lst"]], [["__proto__"]], [["constructor"]]])(
  "%j names none",
  async (words) => {
    expect(await loadCommand(words)).toBeUndefined();
  },
);
