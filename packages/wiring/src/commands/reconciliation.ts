import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import {
  arrivalsOf,
  exitCodeOf,
  type Quiet,
  type RequestId,
  reconcileUnlessQuiet,
  requestId as requestIdName,
  requestIdOf,
  requestWithin,
} from "@glu/core";
import type { PromotionReport } from "@glu/report";
import { actorOf } from "../actor.ts";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import type { Outcome } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import { stoppedEarly } from "../stopped-early.ts";
import type { Surroundings } from "../surroundings.ts";
import { whyAdvisory } from "./advisory.ts";
import { decisionPorts } from "./decision-ports.ts";
import { identityOf, mayBeAgain, outputsOf } from "./promotion.ts";
import type { ReconcileInputs } from "./reconcile.ts";
import { reportOf } from "./report-of.ts";
import { tellOf } from "./tell-of.ts";

/** The reconciliation itself: inputs → use case → what there is to say. */
export async function reconcileThere(
  inputs: ReconcileInputs,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { context } = surroundings;
  if (context.merging !== undefined) {
    const { judgeThere } = await import("./judgement.ts");
    return judgeThere(inputs, context.merging, { connection, repositories }, surroundings);
  }
  const onHeld = inputs.onHeld ?? "succeed";
  const { token: _token, hostToken: _hostToken, commitVia: _way, cache, ...given } = inputs;
  const request =
    inputs.requestId ?? requestIdOf(context, { command: "reconcile", ...given }) ?? requestIdName(randomUUID());
  const actor = await actorOf(surroundings, repositories.source, connection.repository.location);
  const { memory, ...ports } = connection;
  if (cache !== undefined && surroundings.calls !== undefined) {
    const { openHttpMemory } = await import("@glu/files");
    surroundings.calls.memory = openHttpMemory(resolve(surroundings.cwd, cache));
  }
  if (memory === undefined) throw new Error("a reconciliation has a scope");
  const deciding = await decisionPorts(ports, repositories, surroundings);
  const result = await reconcileUnlessQuiet(
    {
      apps: inputs.app,
      environments: inputs.environment,
      plan: inputs.plan,
      look: onHeld === "fail",
      author: inputs.author === undefined ? undefined : identityOf(inputs.author),
      commitMessage: inputs.commitMessage,
      again: mayBeAgain(inputs, context),
      actor,
      requestOf: (environment) => requestWithin(request, environment),
    },
    {
      ...deciding,
      discover: async (app, at) => {
        const { discoverSources } = await import("./discovering.ts");
        const wanted = { app, dryRun: inputs.plan, artifactRepository: undefined, cache };
        return discoverSources(wanted, { connection, repositories, token: repositories.token, at }, surroundings);
      },
    },
    memory,
  );
  if ("kind" in result) return quiet(result, request, connection, surroundings);
  const advisory = inputs.plan ? undefined : whyAdvisory(connection.repository, surroundings);
  const told = inputs.plan
    ? undefined
    : await tellOf(arrivalsOf(result, deciding.repositoryOf, result.arrived), deciding, {
        surroundings,
        token: repositories.token,
        location: connection.repository.location,
      });
  const { looked, discovered, drifted, lapsed, next } = result;
  const early = stoppedEarly(result, surroundings);
  const reported = reportOf(result, { request, plan: inputs.plan, actor, reason: undefined }, connection, {
    advisory,
    surroundings,
  });
  const report = {
    ...reported,
    told,
    notices: [...reported.notices, ...early.notices],
    reconciled: { looked, discovered, drifted, lapsed, next },
  };
  // What could not be looked at was asked for as well: never a green run.
  const failed = discovered.flatMap((one) => (one.result === "failed" ? [one.error.exitCode] : []));
  return {
    exitCode: Math.max(exitCodeOf(result, onHeld), ...failed, early.exitCode),
    outputs: await outputsOf(result, report),
    report,
    notices: [],
  };
}

/** Nothing has changed: the answer is that of the run that looked, as far as it is remembered. */
async function quiet(
  { until, told, branch }: Quiet,
  request: RequestId,
  { repository, memory }: ConfigConnection,
  surroundings: Surroundings,
): Promise<Outcome> {
  const report: PromotionReport = {
    kind: "promotion",
    result: told.result,
    decisions: [],
    passedOver: [],
    undecided: [],
    pipeline: { environments: [], running: [] },
    configLocation: repository.location,
    branch: branch ?? repository.branch,
    advisory: undefined,
    plan: false,
    request,
    reconciled: { quietUntil: until, told },
    cost: memory === undefined ? undefined : costOf(memory.cost(), surroundings),
    links: linksOf(repository.location, surroundings),
    now: surroundings.clock.now(),
    notices: [],
  };
  return {
    exitCode: 0,
    outputs: await outputsOf({ result: told.result, decisions: [], board: [] }, report),
    report,
    notices: [],
  };
}
