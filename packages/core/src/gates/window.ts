import { z } from "zod";
import { type Times, times } from "../calendar/times.ts";
import { type WindowState, windowAt } from "../calendar/window.ts";
import { type Timestamp, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { defineGate, type FaultsWhere, type GateFault, met, unmet } from "./gate.ts";
import { checked } from "./option.ts";

const entries = z.array(times).min(1, "must not be empty");

export const windowOptions = checked(
  z
    .strictObject({
      allow: entries
        .describe("The times in which it is open. Without them it is open whenever it is not blocked.")
        .optional(),
      block: entries.describe("The times in which it is closed, whatever else is allowed.").optional(),
    })
    .describe("When it may be promoted: allowed and blocked times."),
  ({ allow, block }) =>
    allow !== undefined || block !== undefined
      ? undefined
      : {
          code: "config/value",
          message: "must have allow or block",
          fix: 'Write { allow: [{ rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9", for: 7h, zone: Europe/Berlin }] }.',
        },
);

type Options = z.output<typeof windowOptions>;

/** What a scheduled freeze of the config is: blocked times, and where it stands there. No gate of a config is one. */
export interface FreezeOptions extends Options {
  /** Such as `freezes[0]`. */
  freeze?: string;
}

/** What is known of a window: whether it is open at a time, and the reasons of the blocks that close it then. */
interface Window {
  at(now: number): WindowState;
  blocked(now: number): { reason: string | undefined }[];
}

/** Kept by the options they are made of: all apps of an environment have one window, and expanding its rules costs. */
const windows = new WeakMap<Options, Window>();

async function windowOf(options: Options): Promise<Window> {
  const { spansOf } = await import("../calendar/zoned.ts");
  const known = windows.get(options);
  if (known !== undefined) return known;
  const { allow, block = [] } = options;
  const blocks = block.map((entry: Times) => ({ reason: entry.reason, spans: spansOf(entry) }));
  const spans = { allow: allow?.map(spansOf), block: blocks.map((one) => one.spans) };
  const made: Window = {
    at: (now) => windowAt(spans, now),
    blocked: (now) => blocks.filter((one) => one.spans({ start: now, end: now + 1 }).length > 0),
  };
  windows.set(options, made);
  return made;
}

/** Rules that never start, which is a slip; and that it does not open any more, which may be meant. */
async function faultsInTimes(options: Options, { now }: FaultsWhere): Promise<GateFault[]> {
  const { everStarts } = await import("../calendar/zoned.ts");
  const never = [...(options.allow ?? []), ...(options.block ?? [])].flatMap((entry): GateFault[] => {
    if (!("rule" in entry) || everStarts(entry)) return [];
    const fix = "No day is all that it asks for: correct one of its parts.";
    return [{ level: "error", message: `the rule ${JSON.stringify(entry.rule)} never starts`, fix }];
  });
  if (never.length > 0) return never;
  const state = (await windowOf(options)).at(now);
  if (state.open || state.opensAt !== undefined) return [];
  const fix = "Let it open, or remove it: nothing is promoted there.";
  return [{ level: "note", message: "it does not open within ten years from now", fix }];
}

/** The code of a freeze that the config has planned. */
export const scheduledFreeze = "window/frozen";

/** A freeze of the config that is in force. */
export interface FrozenOnSchedule {
  /** Such as `freezes[0]`. */
  place: string;
  reason: string | undefined;
  /** When it ends; undefined when that is not within ten years. */
  until: Timestamp | undefined;
}

/** The freezes of the config that are in force in an environment at a time (milliseconds since the epoch). */
export async function frozenOnSchedule({ gates }: Pick<Environment, "gates">, at: number): Promise<FrozenOnSchedule[]> {
  const frozen: FrozenOnSchedule[] = [];
  for (const { name, options } of gates) {
    if (name !== "window") continue;
    const given = options as FreezeOptions;
    if (given.freeze === undefined) continue;
    const known = await windowOf(given);
    const state = known.at(at);
    if (state.open) continue;
    const reasons = known.blocked(at).flatMap(({ reason }) => reason ?? []);
    frozen.push({
      place: given.freeze,
      reason: reasons.length === 0 ? undefined : reasons.join(", "),
      until: state.opensAt === undefined ? undefined : timestamp(state.opensAt),
    });
  }
  return frozen;
}

/** Promotions are made in allowed times, and never in blocked ones: on the clocks of places, by RFC 5545. */
export const window = defineGate({
  name: "window",
  options: windowOptions,
  outcome: "held",
  observes: "state",
  concerns: "place",
  faultsIn: faultsInTimes,
  // To people it is a freeze, whether a file or the config says so.
  overriddenAs: ({ freeze }: FreezeOptions) => (freeze === undefined ? "window" : "freeze"),
  observe: (_subject, _state, options) => windowOf(options),
  check: (known, { freeze }: FreezeOptions, now, { environment }) => {
    const state = known.at(now);
    if (state.open) return met(freeze === undefined ? "is open" : "is not frozen on schedule");
    const blocked = known.blocked(now);
    const reasons = blocked.flatMap(({ reason }) => reason ?? []).join(", ");
    const closed =
      freeze === undefined
        ? blocked.length === 0
          ? "no time is allowed now"
          : "is blocked now"
        : "is frozen on schedule";
    // Whoever must not wait has to know which of all the times it is.
    const place = freeze ?? `environments.${environment.name}.gates`;
    return unmet(reasons === "" ? closed : `${closed}: ${reasons}`, {
      code: freeze !== undefined ? scheduledFreeze : blocked.length === 0 ? "window/closed" : "window/blocked",
      ...(state.since === undefined ? {} : { since: timestamp(state.since) }),
      ...(state.opensAt === undefined
        ? { clearedBy: `${place} in the config: it does not open within ten years` }
        : { clearedBy: `time, or ${place} in the config`, clearsAt: timestamp(state.opensAt) }),
    });
  },
});
