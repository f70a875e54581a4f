import { UserError } from "../errors.ts";
import { closest } from "../model/closest.ts";
import {
  appName,
  type EnvName,
  envName,
  instant,
  type RepoPath,
  type RequestId,
  type Sha,
  timestamp,
} from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { type Actor, type Freeze, freezePath, type Pin, pinPath, releases } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { LoadPipeline } from "../promote/options.ts";
import { encodeDocument, readFreeze, readPin, readRecord } from "../records/documents.ts";
import { commitMessage, oneLine } from "../records/trailers.ts";
import { statePaths } from "../state/state.ts";
import { transact } from "../transact.ts";

export interface HoldPorts {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  repositoryOf(environment: NonNullable<ReturnType<Pipeline["environments"]["get"]>>): ConfigRepository;
  clock: Clock;
}

export interface HoldRequest {
  reason: string | undefined;
  actor: Actor;
  request: RequestId;
}

/** `changed`: a commit was made. `unchanged`: it was so already. */
export type HoldResult<Document> =
  | { result: "changed"; commit: Sha; document: Document | undefined }
  | { result: "unchanged"; commit: undefined; document: Document | undefined };

/** The reason, which every hold needs: people who meet it later must be able to judge it. */
function reasonOf(request: HoldRequest, what: string): string {
  const reason = oneLine(request.reason ?? "", "The reason");
  if (reason !== "") return reason;
  throw new UserError("input/reason-missing", `${what} needs a reason.`, { fix: "Give one with --reason." });
}

function untilOf(until: string | undefined, now: number): { until?: string } {
  if (until === undefined) return {};
  const at = instant(until);
  if (at > now) return { until: timestamp(at) };
  throw new UserError("input/until-past", `${until} has passed.`, {
    seen: until,
    fix: "Give a time in the future, or none.",
  });
}

async function placeOf(
  ports: HoldPorts,
  app: string | undefined,
  environment: string,
): Promise<{ target: ConfigRepository; file: RepoPath }> {
  const pipeline = await ports.loadPipeline(await ports.repository.open());
  const known = <K extends string>(kind: string, name: K, names: Iterable<K>): void => {
    const list = [...names];
    if (list.includes(name)) return;
    const near = closest(name, list);
    throw new UserError(`config/unknown-${kind}`, `There is no ${kind} ${JSON.stringify(name)} in ${pipeline.file}.`, {
      seen: name,
      fix: near === undefined ? `It declares ${list.slice(0, 20).join(", ")}.` : `Did you mean ${near}?`,
    });
  };
  if (app !== undefined) known("app", appName(app), pipeline.apps.keys());
  if (environment === "all") return { target: ports.repository, file: pipeline.file };
  known("environment", envName(environment), pipeline.environments.keys());
  const found = pipeline.environments.get(envName(environment));
  const member = app === undefined || pipeline.apps.get(appName(app))?.environments.includes(envName(environment));
  if (found === undefined || !member) {
    throw new UserError("config/not-a-member", `${app} does not go through ${environment}.`, {
      seen: environment,
      fix: `apps.${app}.environments in ${pipeline.file} says where it goes.`,
    });
  }
  return { target: ports.repositoryOf(found), file: pipeline.file };
}

/** One document written, or removed, as one commit; nothing when it stands so already. */
async function writeDocument<Document extends Pin | Freeze>(
  ports: HoldPorts,
  target: ConfigRepository,
  path: RepoPath,
  reads: readonly RepoPath[],
  decide: (
    files: Awaited<ReturnType<Awaited<ReturnType<ConfigRepository["open"]>>["read"]>>,
  ) => { document: Document | undefined; message: string } | "unchanged",
): Promise<HoldResult<Document>> {
  return transact<HoldResult<Document>>({ repository: target, clock: ports.clock }, async (tip) => {
    const decided = decide(await tip.read(reads));
    if (decided === "unchanged") {
      return { commit: undefined, done: () => ({ result: "unchanged", commit: undefined, document: undefined }) };
    }
    const { document, message } = decided;
    return {
      commit: { message, changes: [{ path, content: document === undefined ? undefined : encodeDocument(document) }] },
      done: (commit) => ({ result: "changed", commit: commit as Sha, document }),
    };
  });
}

/** Holds an app in an environment at its current artifact, or at a named one that was released there. */
export async function pin(
  options: HoldRequest & { app: string; environment: string; artifact: string | undefined; until: string | undefined },
  ports: HoldPorts,
): Promise<HoldResult<Pin>> {
  const reason = reasonOf(options, "A pin");
  const { target } = await placeOf(ports, options.app, options.environment);
  const app = appName(options.app);
  const environment = envName(options.environment);
  const path = pinPath(app, environment);
  return writeDocument(ports, target, path, statePaths(app, environment), (files) => {
    const record = readRecord(files, app, environment);
    const artifact = options.artifact ?? record.current?.artifact.id;
    if (artifact === undefined || !releases(record).some((release) => release.artifact.id === artifact)) {
      throw new UserError(
        "pin/not-released",
        `${artifact ?? "Nothing"} is ${artifact === undefined ? "" : "not "}released: ${app} in ${environment}.`,
        {
          seen: artifact,
          fix: "Pin what was released there ('glu history' shows it), or promote first.",
        },
      );
    }
    const now = ports.clock.now();
    const until = untilOf(options.until, now);
    const before = readPin(files, app, environment);
    if (before?.artifact === artifact && before.reason === reason && before.until === until.until) return "unchanged";
    const document: Pin = {
      schema: "glu.pin.v1",
      app,
      environment,
      artifact,
      reason,
      actor: options.actor,
      at: timestamp(now),
      ...until,
      request: options.request,
    };
    const trailer = {
      request: options.request,
      app,
      environment,
      artifact,
      kind: "pin",
      reason,
      actor: options.actor.name,
    };
    return { document, message: commitMessage(`Pin ${app} in ${environment}`, [], [trailer]) };
  });
}

/** Lifts a pin. */
export async function unpin(
  options: HoldRequest & { app: string; environment: string },
  ports: HoldPorts,
): Promise<HoldResult<Pin>> {
  const { target } = await placeOf(ports, options.app, options.environment);
  const app = appName(options.app);
  const environment = envName(options.environment);
  const path = pinPath(app, environment);
  return writeDocument<Pin>(ports, target, path, [path], (files) => {
    const before = readPin(files, app, environment);
    if (before === undefined) return "unchanged";
    const trailer = {
      request: options.request,
      app,
      environment,
      artifact: before.artifact,
      kind: "unpin",
      actor: options.actor.name,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    };
    return { document: undefined, message: commitMessage(`Unpin ${app} in ${environment}`, [], [trailer]) };
  });
}

/** Stops every promotion into an environment, or into `all`. */
export async function freeze(
  options: HoldRequest & { scope: string; until: string | undefined },
  ports: HoldPorts,
): Promise<HoldResult<Freeze>> {
  const reason = reasonOf(options, "A freeze");
  const { target } = await placeOf(ports, undefined, options.scope);
  const scope = options.scope as EnvName | "all";
  const path = freezePath(scope);
  return writeDocument(ports, target, path, [path], (files) => {
    const now = ports.clock.now();
    const until = untilOf(options.until, now);
    const before = readFreeze(files, scope);
    if (before?.reason === reason && before.until === until.until) return "unchanged";
    const document: Freeze = {
      schema: "glu.freeze.v1",
      scope,
      reason,
      actor: options.actor,
      at: timestamp(now),
      ...until,
      request: options.request,
    };
    const trailer = {
      request: options.request,
      app: "all",
      environment: scope,
      kind: "freeze",
      reason,
      actor: options.actor.name,
    };
    return { document, message: commitMessage(`Freeze ${scope}`, [], [trailer]) };
  });
}

/** Lifts a freeze. */
export async function unfreeze(
  options: HoldRequest & { scope: string },
  ports: HoldPorts,
): Promise<HoldResult<Freeze>> {
  const { target } = await placeOf(ports, undefined, options.scope);
  const scope = options.scope as EnvName | "all";
  const path = freezePath(scope);
  return writeDocument<Freeze>(ports, target, path, [path], (files) => {
    if (readFreeze(files, scope) === undefined) return "unchanged";
    const trailer = {
      request: options.request,
      app: "all",
      environment: scope,
      kind: "unfreeze",
      actor: options.actor.name,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    };
    return { document: undefined, message: commitMessage(`Unfreeze ${scope}`, [], [trailer]) };
  });
}
