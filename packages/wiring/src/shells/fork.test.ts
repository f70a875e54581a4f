import { type CiContext, UserError } from "@glu/core";
import { expect, it } from "vitest";
import { forkOutcome } from "./fork.ts";

it("a private repository that a fork's token cannot see is a notice on a fork, and an error elsewhere", () => {
  const error = new UserError("repository/not-found", "There is no repository at https://git.example/acme/config.");
  const outcome = forkOutcome(error, { fork: true } as CiContext);
  expect(outcome).toMatchObject({ exitCode: 0, notices: [expect.stringContaining("https://git.example/acme/config")] });
  expect(() => forkOutcome(error, { fork: false } as CiContext)).toThrow(error);
});
