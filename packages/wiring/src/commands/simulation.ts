import { createTemplates, type ParsedDocument, parseDocument } from "@glu/config";
import { duration, programGates, readTime, UserError } from "@glu/core";
import { editors } from "@glu/editors";
import {
  type EventFile,
  eventsSchema,
  PlayError,
  play,
  Simulation,
  type SimulationOptions,
  type Step,
} from "@glu/simulation";
import type { Outcome } from "../outcome.ts";
import { timeline } from "./timeline.ts";

/** Where a simulation begins. */
export type Scene = Pick<SimulationOptions, "configFile" | "loadPipeline" | "functions" | "base" | "baseOf">;

/** Plays a file of events from there on: what there is to say. */
export async function simulateThere(source: { file: string; text: string }, scene: Scene): Promise<Outcome> {
  const events = parseDocument(source, eventsSchema);
  const { reconcile, actor } = events.value;
  const start = await startOf(events, source.file);
  const simulation = new Simulation({
    ...scene,
    start,
    files: undefined,
    editors,
    gates: programGates,
    templates: await createTemplates(),
    every: reconcile === undefined ? undefined : duration(reconcile),
    actor,
  });
  // A mistake in the config is no event's.
  const pipeline = await simulation.pipeline();
  const steps = await playFrom(simulation, events, source.file);
  return await timeline(steps, { simulation, pipeline, start, events: events.value.events.length });
}

async function startOf(events: ParsedDocument<EventFile>, file: string): Promise<number> {
  try {
    return Date.parse(await readTime(events.value.start, 0, "from"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, seen, fix } = error;
    const at = { file, ...events.placeOf(["start"]) };
    throw new UserError(code, message, { at, seen, ...(fix === undefined ? {} : { fix }), cause: error });
  }
}

async function playFrom(simulation: Simulation, events: ParsedDocument<EventFile>, file: string): Promise<Step[]> {
  try {
    return await play(simulation, events.value);
  } catch (error) {
    if (!(error instanceof PlayError)) throw error;
    const { code, message, seen, fix } = error.cause;
    throw new UserError(code, message, {
      at: { file, ...events.placeOf(["events", error.event]) },
      seen,
      ...(fix === undefined ? {} : { fix }),
      cause: error.cause,
    });
  }
}
