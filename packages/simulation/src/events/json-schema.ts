import { z } from "zod";
import { eventsSchema } from "./grammar.ts";

/** The JSON Schema (draft 2020-12) of the file of events, for editors. */
export function eventsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(eventsSchema, { io: "input", target: "draft-2020-12" }),
    title: "Events of glu simulate",
    description: "What happens to a pipeline, and when; docs/simulate.md tells of it.",
  };
}
