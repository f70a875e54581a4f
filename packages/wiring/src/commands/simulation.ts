import { createTemplates, type ParsedDocument, parseDocument } from "@glu/config";
import { duration, instant, programGates, UserError } from "@glu/core";
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
  const { start, reconcile, actor } = events.value;
  const simulation = new Simulation({
    ...scene,
    start: instant(start),
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
  return await timeline(steps, { simulation, pipeline, start: instant(start), events: events.value.events.length });
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
