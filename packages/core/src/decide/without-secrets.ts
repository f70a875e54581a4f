import type { GateOverride, GateResult } from "../model/decision.ts";
import type { Verdict } from "./decide.ts";

/**
 * A verdict whose words hold no secret: servers, programs and forges say some of them. Here and not only where they are
 * shown, since each form of showing escapes them in its own way, and an escaped secret is not found. Pure.
 */
export function withoutSecrets(verdict: Verdict, redact: (text: string) => string): Verdict {
  const overrideWithout = ({ clearedBy, ...override }: GateOverride): GateOverride => ({
    ...override,
    seen: redact(override.seen),
    ...(clearedBy === undefined ? {} : { clearedBy: redact(clearedBy) }),
  });
  const gates = verdict.gates.map((gate): GateResult => {
    const { seen, clearedBy, output, override } = gate;
    return {
      ...gate,
      seen: redact(seen),
      ...(clearedBy === undefined ? {} : { clearedBy: redact(clearedBy) }),
      ...(output === undefined ? {} : { output: redact(output) }),
      ...(override === undefined ? {} : { override: overrideWithout(override) }),
    };
  });
  return { ...verdict, reason: redact(verdict.reason), gates };
}
