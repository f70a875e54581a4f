import { history, status } from "@glu/core";
import type { history as historyCommand, InputsOf, status as statusCommand } from "@glu/inputs";
import { linksOf } from "../links.ts";
import { answer, type Outcome } from "../outcome.ts";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import { runningOf, unreadableNotices } from "./promote.ts";

/** `glu status`. */
export async function runStatus(inputs: InputsOf<typeof statusCommand>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context, clock } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
  const connection = await connectConfig(inputs, repositories);
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
    notices: unreadableNotices(rows),
  });
}

/** `glu history`. */
export async function runHistory(
  inputs: InputsOf<typeof historyCommand>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { env, context, clock } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
  const connection = await connectConfig(inputs, repositories);
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
}
