import { createHash } from "node:crypto";
import type { Decision } from "../model/decision.ts";

/**
 * What people want of a proposal beyond its artifacts, as a digest: that it goes back, with which pin, or past which
 * gates, and why. Two that differ in it are not the same proposal, whatever files they change. Undefined for a plain
 * promotion, where nothing is asked for but the artifacts.
 */
export function whatIsAsked(decisions: readonly Decision[]): string | undefined {
  const asked = decisions.flatMap(({ intent, release, pin }) => {
    if (release === undefined || release.kind === "promotion") return [];
    const { kind, reason, exact, actor, overrides = [] } = release;
    const gates = overrides.map(({ gate }) => gate).sort();
    // Whose name stands for an override decides whether it may be.
    const by = gates.length === 0 ? undefined : actor.name;
    return [{ app: intent.app, kind, reason, exact, gates, by, pin: pin && { until: pin.until } }];
  });
  if (asked.length === 0) return undefined;
  const sorted = asked.sort((a, b) => (a.app < b.app ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 40);
}
