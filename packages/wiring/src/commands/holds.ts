import { randomUUID } from "node:crypto";
import {
  type Environment,
  freeze,
  type HoldPorts,
  type HoldRequest,
  type HoldResult,
  type Pin,
  type Pipeline,
  pin,
  type RefreshScope,
  refreshStatuses,
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
import { type ConfigConnection, type ConnectionInputs, connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
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
  scope: RefreshScope,
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
  let pipeline: Pipeline | undefined;
  const loadPipeline: HoldPorts["loadPipeline"] = async (tip) => {
    pipeline = await connection.loadPipeline(tip);
    return pipeline;
  };
  const result = await act(request, { ...connection, loadPipeline, clock });
  const isProposedTo = ({ name, propose }: Environment) =>
    propose !== undefined && (scope.environments.length === 0 || scope.environments.includes(name));
  const refreshed = [...(pipeline?.environments.values() ?? [])].some(isProposedTo)
    ? await refresh(scope, connection, repositories, surroundings)
    : [];
  const shown = page({
    tone: "ok",
    schema: "glu.hold.v1",
    result: result.result,
    headline: say(result.result === "changed"),
    columns: [],
    rows: [],
    data: { commit: result.commit ?? null, document: result.document ?? null },
  });
  return { ...shown, notices: refreshed };
}

/** What is proposed is judged again right after: what is held must no longer be merged, also by itself. */
export async function refresh(
  scope: RefreshScope,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<string[]> {
  const { decisionPorts } = await import("./decision-ports.ts");
  const ports = await decisionPorts(connection, repositories, surroundings);
  const { notices, warnings } = await refreshStatuses(scope, ports);
  for (const warning of warnings) surroundings.logger.warning(warning);
  return [...warnings, ...notices];
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
    { apps: [app], environments: [environment] },
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
    { apps: [app], environments: [environment] },
    (request, ports) => unpin({ ...request, app, environment }, ports),
    (changed) => (changed ? `${app} in ${environment} is no longer pinned` : `${app} in ${environment} was not pinned`),
  );
}

const inScope = (scope: string): RefreshScope => ({ apps: [], environments: scope === "all" ? [] : [scope] });

const named = (scope: string): string => (scope === "all" ? "everything" : scope);

/** `glu freeze`. */
export function runFreeze(inputs: InputsOf<typeof freezeCommand>, surroundings: Surroundings): Promise<Outcome> {
  const scope = inputs.environment;
  const what = named(scope);
  const until = futureTime(inputs.until, surroundings);
  return hold(
    inputs,
    surroundings,
    inScope(scope),
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
    inScope(scope),
    (request, ports) => unfreeze({ ...request, scope }, ports),
    (changed) => (changed ? `${named(scope)} is no longer frozen` : `${named(scope)} was not frozen`),
  );
}
