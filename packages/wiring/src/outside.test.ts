import { noOutside } from "@glu/core";
import { expect, it } from "vitest";
import { createOutside } from "./outside.ts";
import type { Token } from "./repositories/token.ts";
import type { Surroundings } from "./surroundings.ts";

function outsideOf(env: Record<string, string>) {
  const masked: string[] = [];
  const redact = (text: string) => masked.reduce((left, secret) => left.replaceAll(secret, "***"), text);
  const mask = (secret: string) => void masked.push(secret);
  const surroundings = { env, cwd: ".", redact, mask, context: { host: "terminal" } } as unknown as Surroundings;
  const token: Token = { source: "none", value: undefined, username: undefined };
  return { masked, outside: createOutside({ surroundings, token, location: "." }, noOutside.functions) };
}

it("a variable that a gate asks for is a secret from then on", () => {
  const { masked, outside } = outsideOf({ TOKEN: "s3cret", OTHER: "other", EMPTY: "" });
  expect(outside.secret("TOKEN")).toBe("s3cret");
  expect(masked).toEqual(["s3cret"]);
  expect([outside.secret("EMPTY"), outside.secret("MISSING"), outside.secret("toString")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(masked).toEqual(["s3cret"]);
});

it("what a program prints is told without the secrets that it was given", async () => {
  const { outside } = outsideOf({ PATH: process.env.PATH ?? "", TOKEN: "s3cret" });
  const variables = { GIVEN: outside.secret("TOKEN") ?? "" };
  const command = { argv: ["sh", "-c", 'echo "$GIVEN, $TOKEN"'], variables };
  expect(await outside.commands.run(command, new AbortController().signal)).toEqual({ code: 0, output: "***, \n" });
});

it("at a terminal no forge is asked", async () => {
  const { outside } = outsideOf({});
  const { signal } = new AbortController();
  await expect(outside.actors.isIn("acme/releasers", "ada", signal)).rejects.toThrow(
    expect.objectContaining({ code: "outside/none" }),
  );
});
