import { z } from "zod";
import { type Times, times } from "../calendar/times.ts";
import { type WindowState, windowAt } from "../calendar/window.ts";
import { timestamp } from "../model/names.ts";
import { defineGate, met, unmet } from "./gate.ts";
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

/** Promotions are made in allowed times, and never in blocked ones: on the clocks of places, by RFC 5545. */
export const window = defineGate({
  name: "window",
  options: windowOptions,
  outcome: "held",
  observes: "state",
  concerns: "place",
  observe: (_subject, _state, options) => windowOf(options),
  check: (known, _options, now, { environment }) => {
    const state = known.at(now);
    if (state.open) return met("is open");
    const blocked = known.blocked(now);
    const reasons = blocked.flatMap(({ reason }) => reason ?? []).join(", ");
    const closed = blocked.length === 0 ? "no time is allowed now" : "is blocked now";
    return unmet(reasons === "" ? closed : `${closed}: ${reasons}`, {
      code: blocked.length === 0 ? "window/closed" : "window/blocked",
      ...(state.since === undefined ? {} : { since: timestamp(state.since) }),
      ...(state.opensAt === undefined
        ? { clearedBy: `environments.${environment.name}.gates in the config: it does not open within ten years` }
        : { clearedBy: "time", clearsAt: timestamp(state.opensAt) }),
    });
  },
});
