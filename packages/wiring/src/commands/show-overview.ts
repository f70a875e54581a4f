import { endedNotices, history, status } from "@glu/core";
import type { history as historyCommand, InputsOf, status as statusCommand } from "@glu/inputs";
import { linksOf } from "../links.ts";
import { answer, type Outcome } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Surroundings } from "../surroundings.ts";
import { boardNotices, runningOf } from "./running.ts";

/** What a command shows of a config repository that it only reads. */
export type Show<Inputs> = (
  inputs: Inputs,
  connection: ConfigConnection,
  surroundings: Surroundings,
) => Promise<Outcome>;

export const showStatus: Show<InputsOf<typeof statusCommand>> = async (inputs, connection, surroundings) => {
  const { clock } = surroundings;
  const { pipeline, rows } = await status(
    { apps: inputs.app, environments: inputs.environment },
    { ...connection, clock },
  );
  const { location, branch } = connection.repository;
  return answer({
    kind: "status",
    pipeline: { environments: [...pipeline.environments.values()], running: runningOf(rows) },
    configLocation: location,
    branch,
    links: linksOf(location, surroundings),
    now: clock.now(),
    notices: [...boardNotices(rows), ...endedNotices(rows)],
  });
};

export const showHistory: Show<InputsOf<typeof historyCommand>> = async (inputs, connection, surroundings) => {
  const { clock } = surroundings;
  const { app, environment, limit } = inputs;
  const { entries } = await history({ apps: [app], environments: [environment], limit }, { ...connection, clock });
  const { location, branch } = connection.repository;
  return answer({
    kind: "history",
    app,
    environment,
    entries: entries.map(({ rejected, ...entry }) => ({ ...entry, rejected })),
    configLocation: location,
    branch,
    links: linksOf(location, surroundings),
    now: clock.now(),
    notices: [],
  });
};
