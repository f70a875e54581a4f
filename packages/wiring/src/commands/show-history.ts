import { type HistoryFilter, history } from "@glu/core";
import type { history as command, InputsOf } from "@glu/inputs";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import { answer } from "../outcome.ts";
import type { Show } from "./show-overview.ts";

type Inputs = InputsOf<typeof command>;

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
