import { randomUUID } from "node:crypto";
import { exitCodeOf, reconcile, requestId as requestIdName, requestIdOf, requestWithin } from "@glu/core";
import { actorOf } from "../actor.ts";
import type { Outcome } from "../outcome.ts";
import type { ConfigConnection, Repositories } from "../repositories/connect.ts";
import type { Surroundings } from "../surroundings.ts";
import { whyAdvisory } from "./advisory.ts";
import { decisionPorts } from "./decision-ports.ts";
import { identityOf, mayBeAgain, outputsOf, reportOf } from "./promotion.ts";
import type { ReconcileInputs } from "./reconcile.ts";

/** The reconciliation itself: inputs → use case → what there is to say. */
export async function reconcileThere(
  inputs: ReconcileInputs,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { context } = surroundings;
  const { token: _token, hostToken: _hostToken, ...given } = inputs;
  const request =
    inputs.requestId ?? requestIdOf(context, { command: "reconcile", ...given }) ?? requestIdName(randomUUID());
  const actor = await actorOf(surroundings, repositories.source, connection.repository.location);
  const result = await reconcile(
    {
      apps: inputs.app,
      environments: inputs.environment,
      plan: inputs.plan,
      author: inputs.author === undefined ? undefined : identityOf(inputs.author),
      commitMessage: inputs.commitMessage,
      again: mayBeAgain(inputs, context),
      actor,
      requestOf: (environment) => requestWithin(request, environment),
    },
    await decisionPorts(connection, repositories, surroundings),
  );
  const advisory = inputs.plan ? undefined : whyAdvisory(connection.repository, surroundings);
  const { looked, drifted, lapsed, next } = result;
  const report = {
    ...reportOf(result, { request, plan: inputs.plan, actor, reason: undefined }, connection, {
      advisory,
      surroundings,
    }),
    reconciled: { looked, drifted, lapsed, next },
  };
  const onHeld = inputs.onHeld ?? "succeed";
  return { exitCode: exitCodeOf(result, onHeld), outputs: outputsOf(result, report), report, notices: [] };
}
