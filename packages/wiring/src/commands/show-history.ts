import { type HistoryFilter, history, pastSpanEnd, type Release, type ReleaseMark, UserError } from "@glu/core";
import type { history as command, InputsOf } from "@glu/inputs";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import { answer } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Show } from "./show-overview.ts";

type Inputs = InputsOf<typeof command>;

/**
 * The filters of a command line.
 * @throws UserError `input/time`, `input/span`
 */
export function filterOf(inputs: Inputs, { clock }: Surroundings): HistoryFilter {
  const now = clock.now();
  const since = inputs.since === undefined ? undefined : pastSpanEnd(inputs.since, "since", now);
  const until = inputs.until === undefined ? undefined : pastSpanEnd(inputs.until, "until", now);
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

/** What was released: inputs → use case → what there is to say. */
export const showHistory =
  (filter: HistoryFilter): Show<Inputs> =>
  async (inputs, connection, surroundings) => {
    const { clock } = surroundings;
    const { app, environment, limit, all } = inputs;
    const names = {
      apps: app === undefined ? [] : [app],
      environments: environment === undefined ? [] : [environment],
    };
    const found = await history({ ...names, filter, limit, all }, { ...connection, clock });
    const { location, branch } = connection.repository;
    return answer({
      kind: "history",
      app,
      environment,
      entries: found.entries,
      more: found.more,
      filtered: isFiltering(filter),
      configLocation: location,
      branch,
      links: linksOf(location, surroundings),
      now: clock.now(),
      notices: found.notices,
      cost: costOf(connection.repository.cost(), surroundings),
    });
  };

const isFiltering = (filter: HistoryFilter): boolean =>
  Object.values(filter).some((one) => (Array.isArray(one) ? one.length > 0 : one !== undefined));
