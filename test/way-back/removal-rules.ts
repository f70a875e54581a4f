import { expect } from "vitest";
import type { Act } from "./acts.ts";
import type { Block } from "./commits.ts";
import { freezesOf, holdsAt, isIn, pinOf, recordOf, releasesOf, remembered, type Tree } from "./tree.ts";
import { fileOf, valuesIn } from "./world.ts";

export interface Removal {
  before: Tree;
  after: Tree;
  /** Milliseconds since the epoch. */
  at: number;
  /** The values as they were before anything was released there. */
  wanted: ReturnType<typeof valuesIn> | undefined;
}

/** An app is taken out as it came in: what was there before is back, and the record says by whom. */
export function checkRemoval(
  where: string,
  { before, after, at, wanted }: Removal,
  act: Act,
  { app, environment, request, reason }: Block,
): void {
  const [was, is] = [recordOf(before, app, environment), recordOf(after, app, environment)];
  expect(act.kind, `${where}: somebody wanted it out`).toBe("remove");
  expect(environment, `${where}: nothing would put it back`).toBe("production");
  if (!was?.current || is === undefined) throw new Error(`${where}: there was nothing to take out.`);
  const { removed, ...last } = is.history[0] ?? {};
  expect(removed, `${where}: says by whom`).toMatchObject({ request, reason });
  expect({ ...is, history: [last, ...is.history.slice(1)] }, `${where}: the record stays`).toEqual({
    ...was,
    current: null,
    history: releasesOf(was).slice(0, remembered - 1),
  });
  const decided = Date.parse(removed?.at ?? "");
  expect(Math.abs(at - decided), `${where}: is of the time at which it was decided`).toBeLessThan(150_000);
  const holds = [pinOf(before, app, environment) ?? [], freezesOf(before, environment)].flat();
  if (holds.some((hold) => holdsAt(hold, decided))) {
    expect(act.args, `${where}: past what holds it only when asked`).toContain("--override");
  }
  expect(pinOf(after, app, environment), `${where}: the pin goes`).toBeUndefined();
  const [found, left] = [before, after].map((tree) => valuesIn(tree.get(fileOf(app, environment)) ?? "", app));
  if (found !== undefined && !isIn(found, was.current)) {
    expect(act.args, `${where}: drift is overwritten only when asked`).toContain("--overwrite");
  }
  expect(left, `${where}: what was there before is back`).toEqual(wanted);
}
