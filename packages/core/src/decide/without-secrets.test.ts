import { expect, it } from "vitest";
import type { Verdict } from "./decide.ts";
import { withoutSecrets } from "./without-secrets.ts";

const redact = (text: string) => text.replaceAll("s3cret", "***");

it("a verdict says no secret, and stays what it is", () => {
  const gate = { name: "command", met: false, outcome: "held", code: "command/failed" } as const;
  const verdict: Verdict = {
    result: "held",
    isPlaceHeld: false,
    reason: "ended with s3cret",
    gates: [{ ...gate, seen: "ended with s3cret", clearedBy: "s3cret", output: "a\ns3cret" }],
  };
  expect(withoutSecrets(verdict, redact)).toEqual({
    result: "held",
    isPlaceHeld: false,
    reason: "ended with ***",
    gates: [{ ...gate, seen: "ended with ***", clearedBy: "***", output: "a\n***" }],
  });
  const plain: Verdict = {
    result: "promoted",
    reason: "all gates are met",
    isPlaceHeld: false,
    gates: [{ ...gate, met: true, seen: "ok" }],
  };
  expect(withoutSecrets(plain, redact)).toEqual(plain);
});
