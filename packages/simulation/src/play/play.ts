import { GluError, versionLabel } from "@glu/core";
import { type EventFile, eventOf } from "../events/grammar.ts";
import type { Run } from "../options.ts";
import type { Simulation } from "../simulation.ts";
import { timeAfter } from "../time.ts";
import { describeEvent } from "./describe-event.ts";
import { News } from "./moves.ts";
import { playEvent } from "./play-event.ts";
import type { Step } from "./step.ts";

/**
 * Plays the events of a file, each at its time and followed by a run, as a pipeline that is told of each. Scheduled runs
 * are steps where they have news.
 * @throws PlayError when an event cannot happen: it names what the pipeline does not have, or lies in the past
 */
export async function play(simulation: Simulation, { events, end }: EventFile): Promise<Step[]> {
  const steps: Step[] = [];
  const news = new News((id) => {
    const built = simulation.built(id);
    return built === undefined ? id : versionLabel(built);
  });
  let here: Step | undefined;
  simulation.onRun = (run: Run) => {
    const moves = news.of(run);
    if (here !== undefined) here.moves.push(...moves);
    else if (moves.length > 0) {
      steps.push({ at: run.at, what: "scheduled run", event: undefined, moves, error: undefined });
    }
  };
  let last = simulation.clock.now();
  for (const [index, given] of events.entries()) {
    const event = eventOf(given);
    await told(index, async () => {
      const time = await timeAfter(given.at ?? given.after ?? "0s", last);
      await simulation.advanceTo(time);
      last = time;
    });
    here = { at: simulation.now, what: describeEvent(event), event: index, moves: [], error: undefined };
    steps.push(here);
    const step = here;
    await told(index, async () => {
      step.error = await answerOf(() => playEvent(event, simulation));
    });
    // What fails of everything at once is the end of a CI run, too, and the next one begins again.
    step.error ??= await answerOf(() => simulation.reconcile().then(() => undefined));
    here = undefined;
  }
  if (end !== undefined) await simulation.advance(end);
  return steps;
}

/** An event of a file that cannot happen. */
export class PlayError extends Error {
  readonly event: number;
  override readonly cause: GluError;

  constructor(event: number, cause: GluError) {
    super(cause.message, { cause });
    this.event = event;
    this.cause = cause;
  }
}

async function told(event: number, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    throw error instanceof GluError ? new PlayError(event, error) : error;
  }
}

/** What Glu says to an event that it does not carry out; a mistake in the file is thrown. */
async function answerOf(task: () => Promise<void>): Promise<GluError | undefined> {
  try {
    await task();
    return undefined;
  } catch (error) {
    if (error instanceof GluError && !/^(?:config|input|simulation)\//.test(error.code)) return error;
    throw error;
  }
}
