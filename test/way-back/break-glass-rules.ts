import type { Release } from "@glu/core";
import { expect } from "vitest";
import type { Act } from "./acts.ts";
import type { Block } from "./commits.ts";
import { freezesOf, holdsAt, isRejected, pinOf, recordOf, releasesOf, type Tree } from "./tree.ts";
import type { Verifying } from "./verdict-rules.ts";
import { breakGlass, upstreamOf } from "./world.ts";

/**
 * Gates are passed by whom the config names alone, with a reason, and only those that were named and in the way; the
 * message says so, too. Gives whether any was.
 */
export function checkBreakGlass(
  where: string,
  tree: Tree,
  { kind, args, by }: Act,
  block: Block,
  release: Release,
  { onFailure }: Pick<Verifying, "onFailure">,
): boolean {
  const passed = [...new Set((release.overrides ?? []).map(({ gate }) => gate))];
  expect(block.override?.split(", ") ?? [], `${where}: the message says what was passed`).toEqual(passed);
  if (kind === "rollback" || passed.length === 0) {
    expect(
      passed.filter((gate) => gate !== "pin"),
      `${where}: going back passes a pin at most`,
    ).toEqual([]);
    return false;
  }
  const { app, environment } = block;
  expect(kind, `${where}: gates are passed only when asked`).toBe("break-glass");
  expect(environment, `${where}: where the config lets somebody`).toBe("production");
  expect([by, release.actor], `${where}: by whom the config names`).toEqual([
    breakGlass.user,
    { name: breakGlass.user, verified: true },
  ]);
  expect(release.reason ?? "", `${where}: says why`).not.toBe("");
  const named = args[args.indexOf("--override") + 1]?.split(",") ?? [];
  const decided = Date.parse(release.decidedAt);
  const pin = pinOf(tree, app, environment);
  const upstream = upstreamOf[environment] ?? "";
  const record = recordOf(tree, app, upstream);
  const there = releasesOf(record).find(({ artifact }) => artifact.id === release.artifact.id);
  const isNotify = onFailure[upstream] === "notify";
  const isGood =
    there !== undefined && (isNotify || there.state === "healthy") && !isRejected(record, there.artifact.id);
  const inTheWay: Record<string, boolean> = {
    freeze: freezesOf(tree, environment).some((freeze) => holdsAt(freeze, decided)),
    pin: pin !== undefined && holdsAt(pin, decided) && pin.artifact !== release.artifact.id,
    from: !isGood,
  };
  for (const gate of passed) {
    expect(named, `${where}: ${gate} was named`).toContain(gate);
    expect(breakGlass.gates, `${where}: ${gate} may be passed`).toContain(gate);
    expect(inTheWay[gate], `${where}: ${gate} was in the way`).toBe(true);
  }
  return true;
}
