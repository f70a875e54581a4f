import type { Evaluated } from "../decide/decide.ts";
import type { Release } from "../model/record.ts";

const isHealth = ({ result }: Evaluated): boolean => result.name === "health";

/** Whether a release runs where it was released, by all gates that can tell; undefined where none is asked. Pure. */
export function isThere(evaluated: readonly Evaluated[]): boolean | undefined {
  const telling = evaluated.filter((one) => isHealth(one) || one.synced === true);
  return telling.length === 0 ? undefined : telling.every(({ result, synced }) => result.met || synced === true);
}

/**
 * Gates with what counts of them now. What others than `health` refuse is held until the release is there: what they saw
 * is of the release before. Pure.
 */
export function heldUntilThere(
  evaluated: readonly Evaluated[],
  { state }: Pick<Release, "state">,
): readonly Evaluated[] {
  if (state === "synced" || isThere(evaluated) !== false) return evaluated;
  return evaluated.map((one) => {
    const { result } = one;
    if (isHealth(one) || result.met || result.outcome !== "refused") return one;
    const seen = `${result.seen}; it counts once the release is there`;
    const why = { outcome: "held" as const, code: "verify/not-there", clearedBy: "the release, once it is there" };
    return { ...one, result: { ...result, ...why, seen } };
  });
}
