import { randomUUID } from "node:crypto";
import {
  type Actor,
  arrivalsOf,
  type CiContext,
  type Decision,
  duration,
  exitCodeOf,
  type Identity,
  type PromoteRequest,
  type PromoteResult,
  promote,
  requestId as requestIdName,
  requestIdOf,
  UserError,
} from "@glu/core";
import type { promote as command, InputsOf } from "@glu/inputs";
import type { PromotionReport } from "@glu/report";
import { actorOf } from "../actor.ts";
import { artifactFileReader, contentNamed } from "../artifact-file.ts";
import type { Outcome } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import { stoppedEarly } from "../stopped-early.ts";
import type { Surroundings } from "../surroundings.ts";
import { whyAdvisory } from "./advisory.ts";
import { decisionPorts } from "./decision-ports.ts";
import { reportOf } from "./report-of.ts";
import { tellOf } from "./tell-of.ts";

export type PromoteInputs = Omit<InputsOf<typeof command>, "mode" | "matrix" | "output">;

/** What is common to all that promote by name, forward or back. */
export type DecidingInputs = Pick<
  PromoteInputs,
  | ("app" | "environment" | "reason" | "plan" | "overwrite" | "set" | "commitMessage" | "author" | "requestId")
  | ("onHeld" | "wait")
>;

/** What else is asked for: the artifact, or what is gone back to. */
type Asked = Pick<PromoteRequest, "artifact" | "rollback" | "override">;

/** The promotion itself: inputs → use case → what there is to say. */
export async function promoteThere(
  inputs: PromoteInputs,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  // How long is waited, and by which way it is written, makes no other request of it.
  const { token: _token, hostToken: _hostToken, cache: _cache, wait: _wait, commitVia: _way, ...given } = inputs;
  const artifact = await contentNamed(inputs.artifact, artifactFileReader(surroundings.cwd));
  const intent = { command: "promote", ...given, artifact };
  const { artifact: named, override } = inputs;
  return decideThere(inputs, { artifact: named, override, intent }, connection, repositories, surroundings);
}

/**
 * Decides, writes and tells.
 * @param asked with the raw intent, of which the request's id is made
 */
export async function decideThere(
  inputs: DecidingInputs,
  asked: Asked & { intent: Readonly<Record<string, unknown>> },
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const actor = await actorOf(surroundings, repositories.source, connection.repository.location);
  const request = requestOf(inputs, asked, surroundings.context, actor);
  const ports = await decisionPorts(connection, repositories, surroundings);
  const promoted = await promote(request, ports);
  const access = { surroundings, token: repositories.token, location: connection.repository.location };
  const tell = (of: PromoteResult) => tellOf(arrivalsOf(of, ports.repositoryOf), ports, access);
  const { wait, plan } = inputs;
  const { result, told } =
    wait === undefined || plan
      ? { result: promoted, told: plan ? undefined : await tell(promoted) }
      : await (await import("./waited.ts")).waited(promoted, { patience: duration(wait), request, ports, tell });
  const advisory = inputs.plan ? undefined : whyAdvisory(connection.repository, surroundings);
  const early = stoppedEarly(result, surroundings);
  const reported = reportOf(result, request, connection, { advisory, surroundings });
  const report = { ...reported, told, notices: [...reported.notices, ...early.notices] };
  const onHeld = inputs.onHeld ?? (inputs.environment.length > 0 ? "fail" : "succeed");
  return {
    exitCode: Math.max(exitCodeOf(result, onHeld), early.exitCode),
    outputs: await outputsOf(result, report),
    report,
    notices: [],
  };
}

function requestOf(
  inputs: DecidingInputs,
  { artifact, rollback, override, intent }: Asked & { intent: Readonly<Record<string, unknown>> },
  context: CiContext,
  actor: Actor,
): PromoteRequest {
  const request = inputs.requestId ?? requestIdOf(context, intent) ?? requestIdName(randomUUID());
  return {
    apps: inputs.app,
    environments: inputs.environment,
    artifact,
    reason: inputs.reason,
    plan: inputs.plan,
    overwrite: inputs.overwrite,
    set: inputs.set,
    commitMessage: inputs.commitMessage,
    author: inputs.author === undefined ? undefined : identityOf(inputs.author),
    request,
    again: mayBeAgain(inputs, context),
    actor,
    override,
    ...(rollback === undefined ? {} : { rollback }),
  };
}

/** Whether the same request may have been made before: by a re-run, or under an id that somebody chose. */
export function mayBeAgain(
  { requestId }: Pick<PromoteInputs, "requestId">,
  { host, run: { attempt } }: CiContext,
): boolean {
  if (requestId !== undefined) return true;
  // A retried job of GitLab cannot be told from the first.
  return host !== "terminal" && (attempt === undefined || attempt > 1);
}

/** `Name <email>` as an identity. */
export function identityOf(author: string): Identity {
  const found = /^([^<>]+) <([^<>\s]+)>$/.exec(author);
  if (found?.[1] !== undefined && found[2] !== undefined) return { name: found[1].trim(), email: found[2] };
  throw new UserError("input/author", `${JSON.stringify(author)} is not an author.`, {
    seen: author,
    fix: "Write a name and an address: Ada Lovelace <ada@example.org>.",
  });
}

/** The outputs of the action and the component; what they say is what the JSON document says. */
export async function outputsOf(
  result: Pick<PromoteResult, "result" | "decisions" | "board">,
  report: PromotionReport,
): Promise<Record<string, string>> {
  const { toJson } = await import("@glu/report/json");
  const keyed = (value: (decision: Decision) => string | undefined) =>
    JSON.stringify(
      Object.fromEntries(
        result.decisions.map((decision) => [
          `${decision.intent.environment}/${decision.intent.app}`,
          value(decision) ?? null,
        ]),
      ),
    );
  const running = ({ intent }: Decision) =>
    result.board.find(({ app, environment }) => app === intent.app && environment === intent.environment)?.release;
  const document = toJson(report);
  const proposal = result.decisions.find((decision) => decision.proposal !== undefined)?.proposal;
  return {
    result: result.result,
    commit: typeof document.commit === "string" ? document.commit : "",
    environments: keyed((decision) => running(decision)?.artifact.id),
    "previous-artifact": keyed(({ previous }) => previous?.artifact.id),
    "pull-request-url": proposal?.url ?? "",
    "pull-request-number": proposal === undefined ? "" : String(proposal.number),
    decision: JSON.stringify(document),
  };
}
