import { type HistoryFilter, pastSpanEnd, type Release, type ReleaseMark, UserError } from "@glu/core";
import type { history as command, InputsOf } from "@glu/inputs";
import type { Surroundings } from "../surroundings.ts";

type Inputs = InputsOf<typeof command>;

/**
 * The filters of a command line.
 * @throws UserError `input/time`, `input/span`
 */
export async function filterOf(inputs: Inputs, { clock }: Surroundings): Promise<HistoryFilter> {
  const now = clock.now();
  const since = inputs.since === undefined ? undefined : await pastSpanEnd(inputs.since, "since", now);
  const until = inputs.until === undefined ? undefined : await pastSpanEnd(inputs.until, "until", now);
  if (since !== undefined && until !== undefined && until <= since) {
    throw new UserError("input/span", `${inputs.since} is not before ${inputs.until}: nothing is between.`, {
      seen: `${inputs.since} to ${inputs.until}`,
      fix: "Give the earlier time as --since, the later one as --until.",
    });
  }
  return {
    since,
    until,
    // The inputs' patterns say what they may be.
    kinds: inputs.kind as Release["kind"][],
    states: inputs.state as Release["state"][],
    marks: inputs.mark as ReleaseMark[],
    actors: inputs.actor,
    artifacts: inputs.artifact,
  };
}
