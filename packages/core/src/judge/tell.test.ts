import { expect, it } from "vitest";
import { envName } from "../model/names.ts";
import type { Marked } from "./mark.ts";
import { tellOf } from "./tell.ts";

const held = (repository: string, number: number): Marked => ({
  commit: "c0ffee".padEnd(40, "0"),
  into: "production",
  verdicts: [
    { environment: envName("production"), state: "failure", description: "frozen", url: undefined, file: undefined },
  ],
  proposal: {
    ...{ number, url: `https://forge.test/acme/${repository}/pull/${number}`, state: "open", body: "" },
    ...{ head: undefined, mergedAt: undefined },
  },
});

it("names a proposal by its number, and by its page as well where another repository has the same", () => {
  const { notices } = tellOf([held("config", 1), held("edge", 1), held("config", 2)], []);
  expect(notices).toEqual([
    "#1 (https://forge.test/acme/config/pull/1) may not be merged now: frozen",
    "#1 (https://forge.test/acme/edge/pull/1) may not be merged now: frozen",
    "#2 may not be merged now: frozen",
  ]);
});
