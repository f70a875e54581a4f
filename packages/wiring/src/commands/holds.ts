import { randomUUID } from "node:crypto";
import {
  freeze,
  type HoldPorts,
  type HoldRequest,
  type HoldResult,
  type Pin,
  pin,
  requestId,
  unfreeze,
  unpin,
} from "@glu/core";
import {
  type freeze as freezeCommand,
  type InputsOf,
  moment,
  type pin as pinCommand,
  type unfreeze as unfreezeCommand,
  type unpin as unpinCommand,
} from "@glu/inputs";
import { actorOf } from "../actor.ts";
import { type Outcome, page } from "../outcome.ts";
import { type ConnectionInputs, connectConfig, Repositories } from "../repositories/connect.ts";
import { findToken } from "../repositories/token.ts";
import type { CommitVia } from "../repositories/ways.ts";
import type { Surroundings } from "../surroundings.ts";

interface Shared extends ConnectionInputs {
  reason: string | undefined;
  requestId: ReturnType<typeof requestId> | undefined;
  commitVia: CommitVia | undefined;
}

/** Connects, holds or lifts, and says what came of it. */
async function hold<Document>(
  inputs: Shared,
  surroundings: Surroundings,
  act: (request: HoldRequest, ports: HoldPorts) => Promise<HoldResult<Document>>,
  say: (changed: boolean) => string,
): Promise<Outcome> {
  const { env, context, clock } = surroundings;
  const token = findToken(undefined, undefined, env, context.host);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories);
  const request = {
    reason: inputs.reason,
    actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    request: inputs.requestId ?? requestId(randomUUID()),
    repeatable: inputs.requestId !== undefined,
  };
  const result = await act(request, { ...connection, clock });
  return page({
    tone: "ok",
    schema: "glu.hold.v1",
    result: result.result,
    headline: say(result.result === "changed"),
    columns: [],
    rows: [],
    data: { commit: result.commit ?? null, document: result.document ?? null },
  });
}

function futureTime(value: string | undefined, { clock }: Surroundings): string | undefined {
  return value === undefined ? undefined : moment(value, clock.now(), "from");
}

/** `glu pin`. */
export function runPin(inputs: InputsOf<typeof pinCommand>, surroundings: Surroundings): Promise<Outcome> {
  const { app, environment, artifact } = inputs;
  const until = futureTime(inputs.until, surroundings);
  return hold<Pin>(
    inputs,
    surroundings,
    (request, ports) => pin({ ...request, app, environment, artifact, until }, ports),
    (changed) =>
      `${app} in ${environment} ${changed ? "is" : "was already"} pinned${until === undefined ? "" : ` until ${until}`}`,
  );
}

/** `glu unpin`. */
export function runUnpin(inputs: InputsOf<typeof unpinCommand>, surroundings: Surroundings): Promise<Outcome> {
  const { app, environment } = inputs;
  return hold(
    inputs,
    surroundings,
    (request, ports) => unpin({ ...request, app, environment }, ports),
    (changed) => (changed ? `${app} in ${environment} is no longer pinned` : `${app} in ${environment} was not pinned`),
  );
}

const named = (scope: string): string => (scope === "all" ? "everything" : scope);

/** `glu freeze`. */
export function runFreeze(inputs: InputsOf<typeof freezeCommand>, surroundings: Surroundings): Promise<Outcome> {
  const scope = inputs.environment;
  const what = named(scope);
  const until = futureTime(inputs.until, surroundings);
  return hold(
    inputs,
    surroundings,
    (request, ports) => freeze({ ...request, scope, until }, ports),
    (changed) => `${what} ${changed ? "is" : "was already"} frozen${until === undefined ? "" : ` until ${until}`}`,
  );
}

/** `glu unfreeze`. */
export function runUnfreeze(inputs: InputsOf<typeof unfreezeCommand>, surroundings: Surroundings): Promise<Outcome> {
  const scope = inputs.environment;
  return hold(
    inputs,
    surroundings,
    (request, ports) => unfreeze({ ...request, scope }, ports),
    (changed) => (changed ? `${named(scope)} is no longer frozen` : `${named(scope)} was not frozen`),
  );
}
