import type { GateOverride, GateResult } from "../model/decision.ts";
import type { Verdict } from "./decide.ts";

/**
 * A verdict whose words hold no secret: servers, programs and forges say some of them. Here and not only where they are
 * shown, since each form of showing escapes them in its own way, and an escaped secret is not found. Pure.
 */
export function withoutSecrets(verdict: Verdict, redact: (text: string) => string): Verdict {
  const gates = verdict.gates.map((gate) => gateWithoutSecrets(gate, redact));
  return { ...verdict, reason: redact(verdict.reason), gates };
}

/** The same of one gate. Pure. */
export function gateWithoutSecrets(gate: GateResult, redact: (text: string) => string): GateResult {
  const { seen, clearedBy, output, override } = gate;
  return {
    ...gate,
    seen: redact(seen),
    ...(clearedBy === undefined ? {} : { clearedBy: redact(clearedBy) }),
    ...(output === undefined ? {} : { output: redact(output) }),
    ...(override === undefined ? {} : { override: overrideWithoutSecrets(override, redact) }),
  };
}

function overrideWithoutSecrets(
  { clearedBy, seen, ...override }: GateOverride,
  redact: (text: string) => string,
): GateOverride {
  return { ...override, seen: redact(seen), ...(clearedBy === undefined ? {} : { clearedBy: redact(clearedBy) }) };
}
