import { GluError } from "../errors.ts";
import type { AppName, EnvName } from "../model/names.ts";
import { type Freeze, inForce, type Pin, type Release } from "../model/record.ts";
import type { GroupResult } from "./attempt.ts";

/** What runs in one place, and what holds it there. */
export interface BoardRow {
  app: AppName;
  environment: EnvName;
  release: Release | undefined;
  /** In force now. */
  pin: Pin | undefined;
  freezes: Freeze[];
  /** Why it cannot be told what runs there; nothing else is then said of it. */
  unreadable: string | undefined;
}

/** The matrix app x environment after the decisions. */
export function boardOf(
  { candidates, decisions, state }: Pick<GroupResult, "candidates" | "decisions" | "state">,
  now: number,
): BoardRow[] {
  const rows = new Map<string, BoardRow>();
  for (const { app } of candidates) {
    for (const environment of app.environments) {
      const key = `${app.name}\0${environment}`;
      const why = unreadable(() => [
        state.record(app.name, environment),
        state.pin(app.name, environment),
        state.freezes(environment),
      ]);
      if (why !== undefined) {
        const nothing = { release: undefined, pin: undefined, freezes: [] };
        rows.set(key, { app: app.name, environment, ...nothing, unreadable: why });
        continue;
      }
      const made = decisions.find(
        ({ intent, result, repeated }) =>
          intent.app === app.name && intent.environment === environment && result === "promoted" && !repeated,
      );
      const pin = state.pin(app.name, environment);
      rows.set(key, {
        app: app.name,
        environment,
        release: made?.release ?? state.record(app.name, environment).current ?? undefined,
        pin: pin !== undefined && inForce(pin, now) ? pin : undefined,
        freezes: state.freezes(environment).filter((freeze) => inForce(freeze, now)),
        unreadable: undefined,
      });
    }
  }
  return [...rows.values()];
}

/** What keeps a place from being read: its repository, or a file that was damaged. Undefined when nothing does. */
function unreadable(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof GluError) return error.message;
    throw error;
  }
}
