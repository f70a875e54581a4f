import { randomUUID } from "node:crypto";
import {
  type Environment,
  type Freeze,
  freeze,
  type HoldPorts,
  type HoldRequest,
  type HoldResult,
  type Pin,
  type Pipeline,
  pin,
  type RefreshScope,
  readTime,
  refreshStatuses,
  requestId,
  requestIdOf,
  unfreeze,
  unpin,
} from "@glu/core";
import type {
  freeze as freezeCommand,
  InputsOf,
  pin as pinCommand,
  unfreeze as unfreezeCommand,
  unpin as unpinCommand,
} from "@glu/inputs";
import { actorOf } from "../actor.ts";
import { type Outcome, page } from "../outcome.ts";
import { type ConfigConnection, type ConnectionInputs, connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { CommitVia } from "../repositories/ways.ts";
import type { Surroundings } from "../surroundings.ts";
import { identityOf, mayBeAgain } from "./promotion.ts";

interface Shared extends ConnectionInputs {
  reason: string | undefined;
  requestId: ReturnType<typeof requestId> | undefined;
  commitVia: CommitVia | undefined;
  token: string | undefined;
  hostToken: string | undefined;
  author: string | undefined;
  matrix: string | undefined;
  output: unknown;
}

interface Holding<Document> {
  /** The command's name, of which and of whose inputs the request's id is made. */
  command: string;
  scope: RefreshScope;
  act(request: HoldRequest, ports: HoldPorts): Promise<HoldResult<Document>>;
  say(result: HoldResult<Document>): string;
}

/** Connects, holds or lifts, and says what came of it. */
async function hold<Document>(
  inputs: Shared,
  surroundings: Surroundings,
  { command, scope, act, say }: Holding<Document>,
): Promise<Outcome> {
  const { env, context, clock } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host, "write");
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories);
  // By which way it is written makes no other request of it.
  const { token: _token, hostToken: _hostToken, commitVia: _way, matrix: _matrix, output: _output, ...given } = inputs;
  const request = {
    reason: inputs.reason,
    actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    author: inputs.author === undefined ? undefined : identityOf(inputs.author),
    request: inputs.requestId ?? requestIdOf(context, { command, ...given }) ?? requestId(randomUUID()),
    repeatable: mayBeAgain(inputs, context),
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
    headline: say(result),
    columns: [],
    rows: [],
    data: { commit: result.commit ?? null, document: result.documents[0] ?? null, documents: [...result.documents] },
  });
  return { ...shown, outputs: { result: result.result, commit: result.commit ?? "" }, notices: refreshed };
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

async function futureTime(value: string | undefined, { clock }: Surroundings): Promise<string | undefined> {
  return value === undefined ? undefined : readTime(value, clock.now(), "from");
}

const untilText = (until: string | undefined): string => (until === undefined ? "" : ` until ${until}`);

/** What was lifted, and that it had ended before by itself. */
const liftedText = (what: string, ended: readonly { until?: string | undefined }[], held: string): string => {
  const times = [...new Set(ended.flatMap(({ until }) => until ?? []))];
  return `${what} no longer ${held}${times.length === 0 ? "" : ` (it had ended by itself: ${times.join(", ")})`}`;
};

/** The place in words, and the verb that follows them. */
function placeText(app: readonly string[], environment: string): { place: string; is: string; was: string } {
  const isAll = app.includes("all");
  const place = `${isAll ? "every app with a release" : app.join(", ")} in ${environment}`;
  return isAll || app.length === 1 ? { place, is: "is", was: "was" } : { place, is: "are", was: "were" };
}

const scopeOf = (app: readonly string[], environment: string): RefreshScope => ({
  apps: app.includes("all") ? [] : [...app],
  environments: [environment],
});

/** `glu pin`. */
export async function runPin(inputs: InputsOf<typeof pinCommand>, surroundings: Surroundings): Promise<Outcome> {
  const { app, environment } = inputs;
  const artifact = inputs.artifact === "latest" ? undefined : inputs.artifact;
  const until = await futureTime(inputs.until, surroundings);
  const { place, is, was } = placeText(app, environment);
  return hold<Pin>(inputs, surroundings, {
    command: "pin",
    scope: scopeOf(app, environment),
    act: (request, ports) => pin({ ...request, app, environment, artifact, until }, ports),
    say: ({ result }) => `${place} ${result === "changed" ? is : `${was} already`} pinned${untilText(until)}`,
  });
}

/** `glu unpin`. */
export async function runUnpin(inputs: InputsOf<typeof unpinCommand>, surroundings: Surroundings): Promise<Outcome> {
  const { app, environment } = inputs;
  const { place, is, was } = placeText(app, environment);
  return hold<Pin>(inputs, surroundings, {
    command: "unpin",
    scope: scopeOf(app, environment),
    act: (request, ports) => unpin({ ...request, app, environment }, ports),
    say: ({ result, ended }) =>
      result === "changed" ? liftedText(`${place} ${is}`, ended, "pinned") : `${place} ${was} not pinned`,
  });
}

const inScope = (scope: string): RefreshScope => ({ apps: [], environments: scope === "all" ? [] : [scope] });

const named = (scope: string): string => (scope === "all" ? "everything" : scope);

/** `glu freeze`. */
export async function runFreeze(inputs: InputsOf<typeof freezeCommand>, surroundings: Surroundings): Promise<Outcome> {
  const scope = inputs.environment;
  const until = await futureTime(inputs.until, surroundings);
  return hold<Freeze>(inputs, surroundings, {
    command: "freeze",
    scope: inScope(scope),
    act: (request, ports) => freeze({ ...request, scope, until }, ports),
    say: ({ result }) => `${named(scope)} ${result === "changed" ? "is" : "was already"} frozen${untilText(until)}`,
  });
}

/** `glu unfreeze`. */
export async function runUnfreeze(
  inputs: InputsOf<typeof unfreezeCommand>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const scope = inputs.environment;
  return hold<Freeze>(inputs, surroundings, {
    command: "unfreeze",
    scope: inScope(scope),
    act: (request, ports) => unfreeze({ ...request, scope }, ports),
    say: ({ result, ended }) =>
      result === "changed" ? liftedText(`${named(scope)} is`, ended, "frozen") : `${named(scope)} was not frozen`,
  });
}
