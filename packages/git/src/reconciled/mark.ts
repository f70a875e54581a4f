import {
  type AppName,
  type EnvName,
  type RunResult,
  results,
  type Timestamp,
  type Told,
  timestamp,
  type Waiting,
} from "@glu/core";

/** A memory as the last part of a ref's name, which comes with the first request. */
export interface Mark {
  /** Milliseconds since the epoch, to the second. */
  until: number;
  key: string;
  told: Told;
}

/** Forges allow about 255 bytes of a ref's whole name. */
const longest = 210;

/**
 * `<until>-<key>-<result>,<at>,<apps>.<environments>.<places>,<held>.<superseded>.<unchanged>.<passed over>,<next>`, and
 * as many of `,<app>_<environment>_<gate>=<clears>_<gate>` as there is room for. `until` is in seconds since the epoch,
 * the other times in seconds by base 36, 0 for none.
 */
export function markName({ until, key, told }: Mark): string {
  const { looked, counts } = told;
  let name = [
    `${Math.floor(until / 1000)}-${key}-${told.result}`,
    short(told.at),
    [looked.apps, looked.environments, looked.places].join("."),
    [counts.held, counts.superseded, counts.unchanged, counts.passedOver].join("."),
    short(told.next),
  ].join(",");
  for (const one of told.waiting) {
    const more = `,${waitingName(one)}`;
    // A gate with a name of another kind has no place here; such a place is among the counted ones.
    if (waitingPattern.test(more.slice(1)) && name.length + more.length <= longest) name += more;
  }
  return name;
}

/** What {@link markName} made; undefined for whatever else somebody calls a ref. */
export function readMark(name: string): Mark | undefined {
  const found = markPattern.exec(name)?.groups;
  if (found === undefined) return undefined;
  const { until, key = "", result, at, looked = "", counts = "", next, waiting = "" } = found;
  const [apps = 0, environments = 0, places = 0] = looked.split(".").map(Number);
  const [held = 0, superseded = 0, unchanged = 0, passedOver = 0] = counts.split(".").map(Number);
  const lookedAt = long(at);
  if (!results.includes(result as RunResult) || lookedAt === undefined) return undefined;
  return {
    until: Number(until) * 1000,
    key,
    told: {
      result: result as RunResult,
      at: lookedAt,
      looked: { apps, environments, places },
      counts: { held, superseded, unchanged, passedOver },
      waiting: waiting.split(",").filter(Boolean).map(readWaiting),
      next: long(next),
    },
  };
}

const nameOf = "[a-z0-9][a-z0-9-]{0,62}";
const time = "[0-9a-z]{1,8}";
const waitingOne = `${nameOf}_${nameOf}(?:_${nameOf}(?:=${time})?)+`;
const waitingPattern = new RegExp(`^${waitingOne}$`);
const number = String.raw`\d{1,7}`;
const numbers = (many: number): string => `${number}(?:\\.${number}){${many - 1}}`;
const markPattern = new RegExp(
  [
    `^(?<until>\\d{10,11})-(?<key>[0-9a-f]{40})-(?<result>[a-z]+)`,
    `(?<at>${time})`,
    `(?<looked>${numbers(3)})`,
    `(?<counts>${numbers(4)})`,
    `(?<next>${time})(?<waiting>(?:,${waitingOne})*)$`,
  ].join(","),
);

const waitingName = ({ app, environment, gates }: Waiting): string =>
  [
    app,
    environment,
    ...gates.map((one) => one.name + (one.clearsAt === undefined ? "" : `=${short(one.clearsAt)}`)),
  ].join("_");

function readWaiting(text: string): Waiting {
  const [app, environment, ...gates] = text.split("_");
  return {
    app: app as AppName,
    environment: environment as EnvName,
    gates: gates.map((gate) => {
      const [name = "", clears] = gate.split("=");
      return { name, clearsAt: long(clears) };
    }),
  };
}

const short = (at: Timestamp | undefined): string =>
  at === undefined ? "0" : Math.ceil(Date.parse(at) / 1000).toString(36);

/** Undefined for none, and for what no date can hold. */
function long(text: string | undefined): Timestamp | undefined {
  const milliseconds = Number.parseInt(text ?? "0", 36) * 1000;
  return milliseconds > 0 && milliseconds < 8.64e15 ? timestamp(milliseconds) : undefined;
}
