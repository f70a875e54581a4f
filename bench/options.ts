import { parseArgs } from "node:util";

export const suites = [
  "promotion",
  "contention",
  "status",
  "schedule",
  "reconcile",
  "start",
  "download",
  "yaml",
] as const;
export type SuiteName = (typeof suites)[number];

export interface Options {
  only: readonly SuiteName[];
  /** Files of the repositories that promotions are measured in. */
  sizes: readonly number[];
  /** Milliseconds. */
  roundTrip: number;
  /** Bytes a second. */
  bandwidth: number;
  runs: number;
  writers: readonly number[];
  /** Where the figures are written as JSON. */
  json: string | undefined;
}

export const usage = `npm run bench -- [flags]

  --only LIST        of ${suites.join(", ")}; default all
  --sizes LIST       files of the repositories; default 130,8000,100000
  --rtt MS           round trip of the network; default 30
  --bandwidth MBIT   megabits a second, each way; default as fast as it goes
  --runs N           runs of each measurement; default 5
  --writers LIST     how many write at once; default 2,8,32,64
  --json FILE        writes all figures there
`;

/** @throws Error that says what is wrong with the flags */
export function readOptions(argv: readonly string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { only: text, sizes: text, rtt: text, bandwidth: text, runs: text, writers: text, json: text },
  });
  const { only = suites.join(), sizes = "130,8000,100000", writers = "2,8,32,64" } = values;
  const bandwidth = values.bandwidth === undefined ? Number.POSITIVE_INFINITY : number("bandwidth", values.bandwidth);
  return {
    only: only.split(",").map(suite),
    sizes: sizes.split(",").map((size) => number("sizes", size)),
    roundTrip: values.rtt === "0" ? 0 : number("rtt", values.rtt ?? "30"),
    bandwidth: (bandwidth * 1_000_000) / 8,
    runs: number("runs", values.runs ?? "5"),
    writers: writers.split(",").map((count) => number("writers", count)),
    json: values.json,
  };
}

function suite(name: string): SuiteName {
  const known = suites.find((one) => one === name);
  if (known === undefined) throw new Error(`--only ${name}: known are ${suites.join(", ")}.`);
  return known;
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${flag} ${text}: a number greater than 0 is needed.`);
  return value;
}
