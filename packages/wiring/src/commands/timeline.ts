import { type Pipeline, timestamp } from "@glu/core";
import { type Cell, count } from "@glu/report";
import type { Move, Simulation, Step } from "@glu/simulation";
import { type Outcome, page } from "../outcome.ts";

export interface Played {
  simulation: Simulation;
  pipeline: Pipeline;
  /** Milliseconds since the epoch. */
  start: number;
  /** How many there were. */
  events: number;
}

/** What was played as a page: a row for each thing that moved, or was held. */
export async function timeline(steps: readonly Step[], played: Played): Promise<Outcome> {
  const { simulation, start } = played;
  return page({
    schema: "glu.simulation.v1",
    result: "played",
    tone: "note",
    headline: headline(steps, played),
    columns: ["When (UTC)", "What happens", "App → environment", "Artifact", "Result", "Why", "Until (UTC)"],
    rows: steps.flatMap(rowsOf),
    data: {
      start: timestamp(start),
      end: simulation.now,
      steps: steps.map(stepJson),
      running: await runningAtTheEnd(played),
    },
  });
}

function headline(steps: readonly Step[], { events, simulation, start }: Played): string {
  const moves = steps.flatMap((step) => step.moves);
  const told = (["promoted", "proposed", "held", "refused", "superseded", "drifted", "failed"] as const).flatMap(
    (result) => {
      const number = moves.filter((move) => move.result === result).length;
      return number === 0 ? [] : [`${number} ${result}`];
    },
  );
  const time = `${clock(timestamp(start))} to ${clock(simulation.now)}`;
  return `${count(events, "event")}, ${time}: ${told.length === 0 ? "nothing moved" : told.join(", ")}`;
}

function rowsOf({ at, what, moves, error }: Step): Cell[][] {
  const failed = error === undefined ? [] : [["", "", { kind: "strong", text: "failed" }, error.message, ""] as Cell[]];
  const rest: Cell[][] = [...failed, ...moves.map(cellsOf)];
  if (rest.length === 0) return [[clock(at), what, "", "", "", "", ""]];
  return rest.map((cells, index) => (index === 0 ? [clock(at), what, ...cells] : ["", "", ...cells]));
}

function cellsOf({ app, environment, version, result, why, until }: Move): Cell[] {
  const place = `${app} →\u00a0${environment}`;
  const word: Cell = { kind: "strong", text: result.replace("-", " ") };
  return [place, version ?? "", word, why, until === undefined ? "" : clock(until)];
}

/** `2026-11-01 09:30`, with seconds where there are some, and not broken in a narrow column. */
const clock = (time: string): string => time.slice(0, time.slice(17, 19) === "00" ? 16 : 19).replace("T", "\u00a0");

function stepJson({ at, what, event, moves, error }: Step): Record<string, unknown> {
  return {
    at,
    what,
    event: event ?? null,
    error: error === undefined ? null : { code: error.code, message: error.message, fix: error.fix ?? null },
    moves: moves.map(({ app, environment, version, result, why, until, decision }) => ({
      ...{ app, environment, version: version ?? null, result, why, until: until ?? null },
      artifact: decision?.intent.artifact.id ?? null,
      gates: decision?.gates ?? [],
    })),
  };
}

/** What runs where when all is over. */
async function runningAtTheEnd({ simulation, pipeline }: Played): Promise<Record<string, unknown>[]> {
  const running: Record<string, unknown>[] = [];
  for (const { name, environments } of pipeline.apps.values()) {
    for (const environment of environments) {
      running.push({ app: name, environment, version: (await simulation.running(name, environment)) ?? null });
    }
  }
  return running;
}
