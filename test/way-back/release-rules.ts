import type { Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import type { Act } from "./acts.ts";
import type { Block } from "./commits.ts";
import { freezesOf, holdsAt, isIn, isRejected, numberOf, pinOf, type Tree } from "./tree.ts";
import { fileOf, isOwnLine, valuesIn } from "./world.ts";

// What holds of each release and of the tree that it was made on, said again by the words of the documentation.

/** Nothing goes backwards but by a rollback, and nothing that was rejected goes again by itself. */
export function checkDirection(
  where: string,
  act: Act,
  release: Release,
  was: ReleaseRecord | undefined,
  is: ReleaseRecord,
): void {
  const wasRejected = isRejected(was, release.artifact.id);
  const rejected = (record: ReleaseRecord | undefined) => record?.rejected.map(({ artifact }) => artifact) ?? [];
  if (act.kind === "rollback") {
    expect(release.kind, `${where}: is called so`).toBe("rollback");
    expect(rejected(is), `${where}: what is gone back to is no longer rejected`).not.toContain(release.artifact.id);
    // To what had been undone, it goes forward: what is older stays good.
    if (was?.current && numberOf(was.current) > numberOf(release)) {
      expect(rejected(is), `${where}: what it undoes is rejected`).toContain(was.current.artifact.id);
    }
    if (wasRejected) expect(release.reason ?? "", `${where}: says why`).not.toBe("");
    return;
  }
  if (was?.current) expect(numberOf(release), `${where}: not backwards`).toBeGreaterThanOrEqual(numberOf(was.current));
  const isOverride = wasRejected || release.overrides !== undefined;
  expect(release.kind, `${where}: is called so`).toBe(isOverride ? "override" : "promotion");
  if (!wasRejected) {
    expect(rejected(is), `${where}: what is rejected stays so`).toEqual(rejected(was));
    return;
  }
  expect(["promote", "break-glass"], `${where}: what was rejected goes again by name only`).toContain(act.kind);
  expect(act.args, `${where}: by name only`).not.toContain("latest");
  expect(release.reason ?? "", `${where}: says why`).not.toBe("");
}

/** Pins and freezes as they stood in the commit before. */
export function checkHolds(where: string, tree: Tree, act: Act, { app, environment }: Block, release: Release): void {
  const decided = Date.parse(release.decidedAt);
  const isPassed = (gate: string) => release.overrides?.some((one) => one.gate === gate) ?? false;
  const pin = pinOf(tree, app, environment);
  const passes = (act.kind === "rollback" && act.args.includes("--override")) || isPassed("pin");
  if (pin !== undefined && holdsAt(pin, decided) && !passes) {
    expect(release.artifact.id, `${where}: is pinned`).toBe(pin.artifact);
  }
  if (act.kind === "rollback" || isPassed("freeze")) return;
  const frozen = freezesOf(tree, environment).filter((freeze) => holdsAt(freeze, decided));
  expect(frozen, `${where}: is frozen`).toEqual([]);
}

/** What somebody changed by hand is written over only by whoever says so. */
export function checkDrift(
  where: string,
  tree: Tree,
  act: Act,
  { app, environment }: Block,
  was: ReleaseRecord | undefined,
  release: Release,
): void {
  if (!was?.current) return;
  const found = valuesIn(tree.get(fileOf(app, environment)) ?? "", app);
  if (isIn(found, was.current) || isIn(found, release)) return;
  const mixed = (["tag", "digest"] as const).every((key) =>
    [was.current, release].some((one) => one?.artifact.images.web?.[key] === found[key]),
  );
  if (!mixed) expect(act.args, `${where}: drift is overwritten only when asked`).toContain("--overwrite");
}

/** No line of a file is another one but those of what is released. */
export function checkLines(
  where: string,
  tree: Tree,
  blocks: readonly Block[],
  after: Tree,
  changed: readonly string[],
): void {
  for (const path of changed.filter((one) => !one.startsWith(".glu/"))) {
    const apps = blocks.filter(({ app, environment }) => fileOf(app, environment) === path).map(({ app }) => app);
    const [old, now] = [tree, after].map((one) => (one.get(path) ?? "").split("\n"));
    expect(now?.length, `${where}: ${path}`).toBe(old?.length);
    const others = old?.filter((line, index) => line !== now?.[index] && !apps.some((app) => isOwnLine(line, app)));
    expect(others, `${where}: ${path}`).toEqual([]);
  }
}
