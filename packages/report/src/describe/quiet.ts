import { count } from "../clip.ts";
import { type Block, code, type Line } from "../document.ts";
import type { NothingChanged } from "../report.ts";
import { day, moment, relative } from "../times.ts";
import { place } from "./decision-table.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

// A run that ended after one request, since nothing had changed: what the one before it said, as far as it is remembered.

/** `still held: web → production and 2 more · nothing has changed since everything was looked at 20m ago` */
export function quietHeadline({ told }: NothingChanged, now: number): string {
  const since = `nothing has changed since everything was looked at ${relative(told.at, now)}`;
  const { held } = told.counts;
  if (held === 0) return since;
  const [first] = told.waiting;
  const rest = held - 1;
  const what =
    first === undefined
      ? count(held, "promotion")
      : `${first.app} → ${first.environment}${rest === 0 ? "" : ` and ${rest.toLocaleString("en-US")} more`}`;
  return `still held: ${what} · ${since}`;
}

/** What was looked at then, what waits for what, and when it is looked at again. */
export function nothingChanged({ told, quietUntil }: NothingChanged, now: number, room: Room): Block[] {
  const { looked, counts, waiting, next } = told;
  const places = `${count(looked.apps, "app")} in ${count(looked.environments, "environment")}`;
  const decided = [
    ...(["held", "superseded", "unchanged"] as const).flatMap((word) =>
      counts[word] === 0 ? [] : [`${counts[word].toLocaleString("en-US")} ${word}`],
    ),
    ...(counts.passedOver === 0 ? [] : [`${counts.passedOver.toLocaleString("en-US")} with nothing to take`]),
  ];
  // The next run is quiet in whole seconds.
  const isThen = next !== undefined && Date.parse(next) - Date.parse(quietUntil) <= 1000;
  const clears = next === undefined ? "Nothing clears by itself." : `The next thing clears by itself ${at(next, now)}.`;
  const line = [
    `Looked at ${places} ${at(told.at, now)}: ${[count(looked.places, "place"), ...decided].join(", ")}.`,
    "The config branch and all artifacts are as they were then.",
    clears,
    isThen ? "" : `Everything is looked at again ${at(quietUntil, now)}.`,
  ];
  const left = counts.held - waiting.length;
  return [
    { kind: "paragraph", line: [line.filter(Boolean).join(" ")] },
    ...(waiting.length === 0 ? [] : limitedTable(waitingTable({ waiting, now }), room)),
    ...(left === 0 || waiting.length === 0
      ? []
      : [{ kind: "paragraph", muted: true, line: [`${count(left, "more place")} held.`] } as const]),
    {
      kind: "paragraph",
      muted: true,
      line: [
        code("glu explain <app> <environment>"),
        " says why something is where it is, ",
        code("glu reconcile --plan"),
        " of everything.",
      ],
    },
  ];
}

function waitingTable({ waiting, now }: Pick<NothingChanged["told"], "waiting"> & { now: number }) {
  const rows = waiting.flatMap((one) =>
    one.gates.map(({ name, clearsAt }): Line[] => [
      place(one),
      [code(name)],
      clearsAt === undefined ? ["not by itself"] : moment(clearsAt, now),
    ]),
  );
  const columns = ["App → environment", "Held by", "Clears at"];
  return withoutEmptyColumns({ kind: "table", caption: "Waiting", columns, rows });
}

const at = (time: string, now: number): string => `${relative(time, now)} (${day(time)})`;
