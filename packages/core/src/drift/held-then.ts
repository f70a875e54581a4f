import type { AppName, EnvName } from "../model/names.ts";
import { freezePath, inForce, pinPath } from "../model/record.ts";
import { documentPaths, readFreeze, readPin } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { History } from "./history.ts";
import type { HeldBy } from "./options.ts";
import type { ScheduledThen } from "./scheduled-then.ts";
import type { Step } from "./who-changed.ts";

/**
 * What held a place when a commit was made: pins and freezes as they stood in the commit before, in force at its time,
 * those of the config with them.
 * One that the commit itself removes held it all the same.
 */
export async function heldThen(
  history: History,
  { entry, before }: Step,
  place: { app: AppName; environment: EnvName },
  scheduled: ScheduledThen,
): Promise<HeldBy[]> {
  const { app, environment } = place;
  const reader = await history.at(before.commit);
  await reader.load(documentPaths([pinPath(app, environment), freezePath(environment), freezePath("all")]));
  const at = Date.parse(entry.committedAt);
  // What cannot be read is told where it stands now, and held nobody.
  const pin = ifReadable(() => readPin(reader.files, app, environment));
  const freezes = [environment, "all" as const].flatMap(
    (scope) => ifReadable(() => readFreeze(reader.files, scope)) ?? [],
  );
  return [
    ...(pin !== undefined && inForce(pin, at) ? [{ kind: "pin" as const, hold: pin }] : []),
    ...freezes.filter((hold) => inForce(hold, at)).map((hold) => ({ kind: "freeze" as const, hold })),
    ...(await scheduled({ entry, before }, environment)).map((hold) => ({ kind: "scheduled" as const, hold })),
  ];
}
