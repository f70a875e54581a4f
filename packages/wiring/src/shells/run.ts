import type { Outcome } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";

/** What runs a command: its inputs → what there is to say. In a list of several, which take different ones: `never`. */
export type Run<Inputs = never> = (inputs: Inputs, surroundings: Surroundings) => Promise<Outcome>;

/** Loads what runs a command. It is asked when the inputs were found to be good: a mistake needs none of it. */
export type LoadRun<Inputs = never> = () => Promise<Run<Inputs>>;
