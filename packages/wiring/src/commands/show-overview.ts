import { endedNotices, status } from "@glu/core";
import type { InputsOf, status as statusCommand } from "@glu/inputs";
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
    pipeline: { environments: [...pipeline.environments.values()], running: runningOf(rows, pipeline, clock.now()) },
    configLocation: location,
    branch,
    links: linksOf(location, surroundings),
    now: clock.now(),
    notices: [...boardNotices(rows), ...endedNotices(rows)],
  });
};
