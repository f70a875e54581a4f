import { randomUUID } from "node:crypto";
import { endedNotices, explain, requestId } from "@glu/core";
import type { explain as command, InputsOf } from "@glu/inputs";
import { actorOf } from "../actor.ts";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import { answer, type Outcome } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Surroundings } from "../surroundings.ts";
import { decisionPorts } from "./decision-ports.ts";
import { boardNotices, runningOf } from "./running.ts";

/** Why it is not there: inputs → use case → what there is to say. */
export async function explainThere(
  inputs: InputsOf<typeof command>,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { location } = connection.repository;
  const { app, environment, artifact } = inputs;
  const actor = await actorOf(surroundings, repositories.source, location);
  const explanation = await explain(
    { app, environment, artifact, actor, request: requestId(randomUUID()) },
    await decisionPorts(connection, repositories, surroundings),
  );
  const { board, pipeline } = explanation;
  const { environments } = explanation.app;
  return answer({
    kind: "explanation",
    result: explanation.result,
    app,
    environment,
    artifacts: explanation.artifacts,
    left: explanation.left,
    next: explanation.next,
    newest: explanation.newest,
    starts: explanation.starts,
    none: explanation.none,
    pipeline: {
      environments: [...pipeline.environments.values()].filter(({ name }) => environments.includes(name)),
      running: runningOf(board, pipeline, surroundings.clock.now()),
    },
    configLocation: location,
    // Known when it was asked.
    branch: connection.repository.branch,
    links: linksOf(location, surroundings),
    cost: costOf(connection.repository.cost(), surroundings),
    now: surroundings.clock.now(),
    notices: [...explanation.notices, ...boardNotices(board), ...endedNotices(board)],
  });
}
