import { type AppName, instant } from "../model/names.ts";
import type { Previews } from "../model/pipeline.ts";
import type { Tombstone } from "../model/preview.ts";
import type { Pull } from "../ports/pulls.ts";
import type { AllPreviews } from "./state.ts";

/** Open pull requests that have no preview of an app. */
export interface Lacking {
  app: AppName;
  numbers: readonly number[];
}

interface Asking {
  apps: readonly AppName[];
  asking: Pick<Previews, "when" | "label">;
  now: number;
}

/** Of what has happened less long ago a job may still be on its way. Milliseconds. */
const onItsWay = 3_600_000;

/**
 * Open pull requests that ask for a preview and have none, though nothing took it down since: the job of theirs was not
 * started, or failed, or was not to run. Which images would run is known to that job alone, so they are only told. Of forks
 * a preview need not be.
 */
export function lackingOf(
  open: readonly Pull[],
  { previews, tombstones }: AllPreviews,
  { apps, asking, now }: Asking,
): Lacking[] {
  const asks = ({ fromFork, labels, updatedAt }: Pull) =>
    !fromFork && now - updatedAt >= onItsWay && (asking.when === "always" || labels.includes(asking.label));
  return apps.flatMap((app): Lacking[] => {
    const is = (one: { app: string; number: number }, number: number) => one.app === app && one.number === number;
    const numbers = open
      .filter(asks)
      .filter(({ number }) => !previews.some((one) => is(one, number)))
      .filter(
        (pull) =>
          !isMeant(
            tombstones.find((one) => is(one, pull.number)),
            pull,
          ),
      )
      .map(({ number }) => number);
    return numbers.length === 0 ? [] : [{ app, numbers }];
  });
}

/** Whether it is gone because somebody or something took it down, and not by a close after which it was opened again. */
function isMeant(tombstone: Tombstone | undefined, { updatedAt }: Pull): boolean {
  if (tombstone === undefined) return false;
  const isOfClose = tombstone.because === "closed" || tombstone.because === "orphan";
  return !isOfClose || instant(tombstone.clock) >= updatedAt;
}
