/**
 * The grammar of a recurrence rule, RFC 5545 section 3.3.10, as far as a window can use it: what does not recur within
 * a day, by the Gregorian calendar. Small, so that a config is checked without the library that expands a rule.
 */

/** What is wrong with a rule, and what to write. */
export interface RuleMistake {
  message: string;
  fix: string;
}

const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
type Frequency = (typeof frequencies)[number];

const days = "MO|TU|WE|TH|FR|SA|SU";

const within = (least: number, most: number) => (text: string) =>
  /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most;
/** From the start, or with `-` from the end. */
const position = (most: number) => (text: string) => within(1, most)(text.replace(/^[+-]/, ""));

interface Part {
  /** Whether one of its values is right; a list has several, separated by commas. */
  value: (text: string) => boolean;
  list: boolean;
  says: string;
  /** The frequencies it can stand beside; all when undefined. */
  beside?: readonly Frequency[];
}

const one = (value: Part["value"], says: string): Part => ({ value, list: false, says });
const many = (value: Part["value"], says: string, beside?: readonly Frequency[]): Part =>
  beside === undefined ? { value, list: true, says } : { value, list: true, says, beside };

const parts: Readonly<Record<string, Part>> = {
  FREQ: one((text) => frequencies.some((known) => known === text), `one of ${frequencies.join(", ")}`),
  INTERVAL: one(within(1, 999), "1 to 999"),
  COUNT: one(within(1, 999), "1 to 999"),
  UNTIL: one((text) => Number.isFinite(untilMilliseconds(text)), "a time in UTC such as 20261231T230000Z"),
  BYMONTH: many(within(1, 12), "1 to 12"),
  BYWEEKNO: many(position(53), "1 to 53, or -1 to -53", ["YEARLY"]),
  BYYEARDAY: many(position(366), "1 to 366, or -1 to -366", ["YEARLY"]),
  BYMONTHDAY: many(position(31), "1 to 31, or -1 to -31", ["DAILY", "MONTHLY", "YEARLY"]),
  BYDAY: many((text) => new RegExp(`^(?:[+-]?\\d{1,2})?(?:${days})$`).test(text), "days such as MO or -1FR"),
  BYHOUR: many(within(0, 23), "0 to 23"),
  BYMINUTE: many(within(0, 59), "0 to 59"),
  BYSECOND: many(within(0, 59), "0 to 59"),
  BYSETPOS: many(position(366), "1 to 366, or -1 to -366"),
  WKST: one((text) => new RegExp(`^(?:${days})$`).test(text), "a day such as MO"),
};

const example = "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9";
/** A window is worth opening for a while: more often than every quarter of an hour is none. */
const mostADay = 96;

/** The parts of a rule by their names, values apart. Those of a rule that {@link ruleMistake} finds right. */
export function ruleParts(rule: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    rule.split(";").map((part): [string, string[]] => {
      const [name = "", value = ""] = part.split("=");
      return [name, value.split(",")];
    }),
  );
}

/** What is wrong with a rule; undefined when nothing is. `anchored`: it is said when it begins. */
export function ruleMistake(rule: string, anchored: boolean): RuleMistake | undefined {
  return (
    partsMistake(rule) ?? besideMistake(ruleParts(rule)) ?? (anchored ? undefined : anchorMistake(ruleParts(rule)))
  );
}

function partsMistake(rule: string): RuleMistake | undefined {
  const seen = new Set<string>();
  for (const text of rule.split(";")) {
    const [name = "", value, ...more] = text.split("=");
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (part === undefined || value === undefined || more.length > 0) {
      const fix = `Write parts such as ${example}. They are ${Object.keys(parts).join(", ")}.`;
      return { message: `has ${JSON.stringify(text)}, which is no part of a recurrence rule`, fix };
    }
    if (seen.has(name)) return { message: `has ${name} twice`, fix: "Write it once, its values separated by commas." };
    seen.add(name);
    const values = part.list ? value.split(",") : [value];
    const wrong = values.find((text) => !part.value(text));
    if (wrong !== undefined) {
      return {
        message: `has ${name}=${value}`,
        fix: `${name} is ${part.says}${part.list ? ", or a list of them" : ""}.`,
      };
    }
  }
  return seen.has("FREQ") ? undefined : { message: "has no FREQ", fix: `Begin with it, such as ${example}.` };
}

function besideMistake(rule: ReadonlyMap<string, readonly string[]>): RuleMistake | undefined {
  const frequency = rule.get("FREQ")?.[0] as Frequency;
  for (const name of rule.keys()) {
    const beside = parts[name]?.beside;
    if (beside !== undefined && !beside.includes(frequency)) {
      return { message: `has ${name} beside FREQ=${frequency}`, fix: `${name} is for FREQ=${beside.join(" and ")}.` };
    }
  }
  if (rule.has("COUNT") && rule.has("UNTIL")) return { message: "has COUNT and UNTIL", fix: "Write one of them." };
  const numbered = rule.get("BYDAY")?.find((day) => day.length > 2);
  if (numbered !== undefined && (!["MONTHLY", "YEARLY"].includes(frequency) || rule.has("BYWEEKNO"))) {
    return {
      message: `has ${numbered}, a day of a month or year, which it does not count`,
      fix: "Write the day alone, or FREQ=MONTHLY or FREQ=YEARLY without BYWEEKNO.",
    };
  }
  if (numbered !== undefined && !position(frequency === "MONTHLY" ? 5 : 53)(numbered.slice(0, -2))) {
    return { message: `has ${numbered}, which no month or year has`, fix: "Write such as 1MO or -1FR." };
  }
  if (rule.has("BYSETPOS") && ![...rule.keys()].some((name) => name.startsWith("BY") && name !== "BYSETPOS")) {
    return { message: "has BYSETPOS of nothing", fix: "Write of what, such as BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1." };
  }
  const times = ["BYHOUR", "BYMINUTE", "BYSECOND"].map((name) => rule.get(name)?.length ?? 1);
  if (times.reduce((all, some) => all * some, 1) > mostADay) {
    return { message: `begins more than ${mostADay} times a day`, fix: "Let it begin less often, and last longer." };
  }
  return undefined;
}

/** What would be taken from the time it begins at, which is not said. */
function anchorMistake(rule: ReadonlyMap<string, readonly string[]>): RuleMistake | undefined {
  const counts = rule.has("COUNT") ? "COUNT" : Number(rule.get("INTERVAL")?.[0] ?? 1) > 1 ? "INTERVAL" : undefined;
  if (counts !== undefined) {
    return { message: `has ${counts}, which counts from a start`, fix: "Add the start, such as start: 2026-01-05." };
  }
  const saysDay = ["BYDAY", "BYMONTHDAY", "BYYEARDAY"].some((name) => rule.has(name));
  if (saysDay || rule.get("FREQ")?.[0] === "DAILY") return undefined;
  return {
    message: "does not say on which day",
    fix: "Add BYDAY or BYMONTHDAY, or a start such as start: 2026-01-05.",
  };
}

/** UNTIL in milliseconds since the epoch; NaN when it is no time in UTC, which it is where there is a time zone. */
export function untilMilliseconds(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const at = Date.parse(time);
  // `Date.parse` takes 30 February for 2 March.
  return Number.isFinite(at) && new Date(at).toISOString() === time ? at : Number.NaN;
}
