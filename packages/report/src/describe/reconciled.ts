import { whyDiscovered } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Line } from "../document.ts";
import type { Looked, PromotionReport } from "../report.ts";
import { day, relative } from "../times.ts";
import { place } from "./decision-table.ts";
import { cellLength } from "./gate-seen.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import { nothingChanged } from "./quiet.ts";
import type { Room } from "./room.ts";

/** What was looked at, and when to look again. */
export function looked({ reconciled, now }: PromotionReport, room: Room): Block[] {
  if (reconciled === undefined) return [];
  if ("quietUntil" in reconciled) return nothingChanged(reconciled, now, room);
  const { looked: seen, next } = reconciled;
  const places = `${count(seen.apps, "app")} in ${count(seen.environments, "environment")}`;
  const line: Line = [
    `Looked at ${places}: ${count(seen.places, "place")}.`,
    next === undefined ? " Nothing clears by itself." : ` The next thing clears by itself ${at(next, now)}.`,
  ];
  return [{ kind: "paragraph", line }];
}

const at = (time: string, now: number): string => `${relative(time, now)} (${day(time)})`;

/** Values that somebody changed past Glu, and holds that hold nothing any more. */
export function found({ reconciled, now }: PromotionReport, room: Room): Block[] {
  return reconciled === undefined || "quietUntil" in reconciled
    ? []
    : [...discoveries(reconciled, room), ...changed(reconciled, room), ...lapsed(reconciled, now)];
}

/** What sources told: what is new, what waits and why, and what could not be looked at. */
function discoveries({ discovered }: Looked, room: Room): Block[] {
  const told = discovered.filter((one) => one.result !== "unchanged" || whyDiscovered(one) !== undefined);
  if (told.length === 0) return [];
  const rows = told.map((one): Line[] => [
    [clip(one.app, 60)],
    [code(clip(one.source, 200))],
    [one.result],
    ["version" in one ? clip(one.version, 100) : ""],
    [clip(whyDiscovered(one) ?? "", cellLength), ...(one.result === "failed" ? [" (", code(one.error.code), ")"] : [])],
  ]);
  const columns = ["App", "Source", "Result", "Version", "Why"];
  return limitedTable(withoutEmptyColumns({ kind: "table", caption: "Sources", columns, rows }), room);
}

function changed({ drifted }: Looked, room: Room): Block[] {
  if (drifted.length === 0) return [];
  const value = (text: string | undefined): Line => [text === undefined ? "gone" : code(clip(text, 100))];
  const rows = drifted.map((one) => [
    place(one),
    [code(clip(one.path, 200)), " ", code(clip(one.selector, 100))],
    value(one.recorded),
    value(one.found),
  ]);
  const columns = ["App → environment", "Where", "Glu wrote", "The file says"];
  return [
    {
      kind: "notice",
      tone: "warning",
      line: [
        `${count(drifted.length, "value")} changed by hand since: promoting there is held, unless it may overwrite.`,
      ],
    },
    ...limitedTable({ kind: "table", caption: "Changed by hand", columns, rows }, room),
  ];
}

function lapsed({ lapsed: { pins, freezes } }: Looked, now: number): Block[] {
  const items: Line[] = [
    ...pins.map(({ app, environment, until }): Line => {
      return [`The pin of ${app} in ${environment} ended ${until === undefined ? "" : at(until, now)}.`];
    }),
    ...freezes.map(({ scope, until }): Line => {
      return [`The freeze of ${scope} ended ${until === undefined ? "" : at(until, now)}.`];
    }),
  ];
  if (items.length === 0) return [];
  return [
    {
      kind: "details",
      summary: `${count(items.length, "hold")} ended`,
      blocks: [{ kind: "list", items }],
      terminal: true,
    },
  ];
}
