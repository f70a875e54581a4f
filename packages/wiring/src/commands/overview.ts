import type { graph, history, InputsOf, status } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { type ConnectionInputs, connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Show } from "./show-overview.ts";

/** `glu status`. */
export function runStatus(inputs: InputsOf<typeof status>, surroundings: Surroundings): Promise<Outcome> {
  return overview(inputs, surroundings, async () => (await import("./show-overview.ts")).showStatus);
}

/** `glu history`. */
export async function runHistory(inputs: InputsOf<typeof history>, surroundings: Surroundings): Promise<Outcome> {
  const { filterOf } = await import("./history-filter.ts");
  // A wrong input must cost no round trip.
  const filter = await filterOf(inputs, surroundings);
  return overview(inputs, surroundings, async () => (await import("./show-history.ts")).showHistory(filter));
}

/** `glu graph`. */
export function runGraph(inputs: InputsOf<typeof graph>, surroundings: Surroundings): Promise<Outcome> {
  return overview(inputs, surroundings, async () => (await import("./drawing.ts")).drawPipeline);
}

/** Asks the config repository first: what reads the answer is loaded while it is on its way. */
async function overview<Inputs extends ConnectionInputs>(
  inputs: Inputs,
  surroundings: Surroundings,
  load: () => Promise<Show<Inputs>>,
): Promise<Outcome> {
  const { env, context } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const connection = await connectConfig(inputs, repositories);
  const [show] = await Promise.all([load(), loadPresentation()]);
  return await show(inputs, connection, surroundings);
}
