import { GluError } from "../errors.ts";
import type { AppName, EnvName } from "../model/names.ts";
import { type Freeze, inForce, type Pin, type Release } from "../model/record.ts";
import type { State } from "../state/state.ts";
import type { GroupResult } from "./attempt.ts";
import { versionLabel } from "./release.ts";

/** What runs in one place, and what holds it there. */
export interface BoardRow {
  app: AppName;
  environment: EnvName;
  release: Release | undefined;
  /** In force now. */
  pin: Pin | undefined;
  freezes: Freeze[];
  /** Pins and freezes that have ended by themselves, and whose files are still there. */
  ended?: (Pin | Freeze)[];
  /** Why it cannot be told what runs there; nothing else is then said of it. */
  unreadable: string | undefined;
}

/** The matrix app x environment after the decisions. @param wants whether a place is to be told; default: all are */
export function boardOf(
  { candidates, decisions, state }: Pick<GroupResult, "candidates" | "decisions" | "state">,
  now: number,
  wants: (app: AppName, environment: EnvName) => boolean = () => true,
): BoardRow[] {
  const rows = new Map<string, BoardRow>();
  for (const app of new Set(candidates.map((candidate) => candidate.app))) {
    for (const environment of app.environments.filter((one) => wants(app.name, one))) {
      const key = `${app.name}\0${environment}`;
      const place = readPlace(state, app.name, environment);
      if ("unreadable" in place) {
        const nothing = { release: undefined, pin: undefined, freezes: [] };
        rows.set(key, { app: app.name, environment, ...nothing, ...place });
        continue;
      }
      const { current, pin, freezes } = place;
      const made = decisions.find(
        ({ intent, result, repeated }) =>
          intent.app === app.name && intent.environment === environment && result === "promoted" && !repeated,
      );
      const held = made?.pin ?? pin;
      rows.set(key, {
        app: app.name,
        environment,
        release: made?.release ?? current ?? undefined,
        pin: held !== undefined && inForce(held, now) ? held : undefined,
        freezes: freezes.filter((freeze) => inForce(freeze, now)),
        ended: [...(held === undefined ? [] : [held]), ...freezes].filter((hold) => !inForce(hold, now)),
        unreadable: undefined,
      });
    }
  }
  return [...rows.values()];
}

/** Of each place that runs what was released past its gates, until its next release that was not. */
export function overrideNotices(board: readonly BoardRow[]): string[] {
  return board.flatMap(({ app, environment, release }) => {
    if (release?.overrides === undefined) return [];
    const { overrides, actor, reason, artifact, releasedAt, decidedAt } = release;
    const gates = [...new Set(overrides.map(({ gate }) => gate))].join(", ");
    const when = `${(releasedAt ?? decidedAt).slice(0, 16).replace("T", " ")} UTC`;
    const what = `${app} in ${environment} runs ${versionLabel(artifact)} past ${gates}`;
    const who = `overridden by ${actor.name} at ${when}${reason === undefined ? "" : `: ${reason}`}`;
    return [`Break-glass: ${what}, ${who}. This stands here until its next regular release.`];
  });
}

/** Of each pin and freeze that has ended by itself, until somebody removes its file. */
export function endedNotices(board: readonly BoardRow[]): string[] {
  const texts = board.flatMap(({ ended = [] }) =>
    ended.map((hold) => {
      const [what, lift] =
        "artifact" in hold
          ? [`The pin of ${hold.app} in ${hold.environment}`, `glu unpin ${hold.app} ${hold.environment}`]
          : [`The freeze of ${hold.scope === "all" ? "everything" : hold.scope}`, `glu unfreeze ${hold.scope}`];
      const when = `${(hold.until ?? "").slice(0, 16).replace("T", " ")} UTC`;
      return `${what} by ${hold.actor.name} ended by itself at ${when}: ${hold.reason}. '${lift}' removes its file.`;
    }),
  );
  return [...new Set(texts)];
}

interface Place {
  current: Release | null;
  pin: Pin | undefined;
  freezes: readonly Freeze[];
}

/** What the state says of a place; or what keeps it from being read: its repository, or a file that was damaged. */
function readPlace(state: State, app: AppName, environment: EnvName): Place | { unreadable: string } {
  try {
    const current = state.current(app, environment);
    return { current, pin: state.pin(app, environment), freezes: state.freezes(environment) };
  } catch (error) {
    if (error instanceof GluError) return { unreadable: error.message };
    throw error;
  }
}
