import { randomUUID } from "node:crypto";
import { createTemplates } from "@glu/config";
import {
  type Actor,
  type BoardRow,
  type CiContext,
  configurableGates,
  type Decision,
  exitCodeOf,
  type Identity,
  type PromoteRequest,
  type PromoteResult,
  parseArtifactSelector,
  promote as promoteArtifacts,
  requestId as requestIdName,
  requestIdOf,
  UserError,
} from "@glu/core";
import { editors } from "@glu/editors";
import type { promote as command, InputsOf, plan as planCommand } from "@glu/inputs";
import { type PromotionReport, toJson } from "@glu/report";
import { actorOf } from "../actor.ts";
import { artifactFileReader, contentNamed } from "../artifact-file.ts";
import { linksOf } from "../links.ts";
import { nothingDone } from "../nothing-done.ts";
import type { Outcome } from "../outcome.ts";
import { type ConfigConnection, connectConfig, Repositories } from "../repositories/connect.ts";
import { findToken } from "../repositories/token.ts";
import { refuseSecret } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import { whyAdvisory } from "./advisory.ts";
import { requestElsewhere } from "./request.ts";

type PromoteInputs = Omit<InputsOf<typeof command>, "matrix" | "output">;

/** `glu promote`, the action and the component: inputs → use case → what there is to say. */
export async function runPromote(inputs: PromoteInputs, surroundings: Surroundings): Promise<Outcome> {
  const { context, env, clock } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host);
  // A wrong input must cost no round trip, and must not be sent to another repository.
  parseArtifactSelector(inputs.artifact);
  if (inputs.request !== undefined) {
    assertCanBeAsked(inputs);
    const { url } = await requestElsewhere(inputs.request, inputs, token, surroundings);
    const notice = `Asked ${inputs.request} to promote ${inputs.artifact}${url === undefined ? "" : `: ${url}`}. It decides.`;
    return nothingDone(notice);
  }
  await using repositories = new Repositories(surroundings, token);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  const readFileText = artifactFileReader(surroundings.cwd);
  const readArtifactFile = async (path: string) => {
    const text = await readFileText(path);
    refuseSecret("artifact", text, surroundings.redact);
    return text;
  };
  const request = requestOf(inputs, context, {
    actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    artifact: await contentNamed(inputs.artifact, readFileText),
  });
  const result = await promoteArtifacts(request, {
    ...connection,
    readArtifactFile,
    editors,
    gates: configurableGates,
    templates: await createTemplates(),
    clock,
    logger: surroundings.logger,
    source: repositories.source,
  });
  const advisory = inputs.plan ? undefined : whyAdvisory(connection.repository, surroundings);
  const report = reportOf(result, request, connection, { advisory, surroundings });
  const onHeld = inputs.onHeld ?? (inputs.environment.length > 0 ? "fail" : "succeed");
  return { exitCode: exitCodeOf(result, onHeld), outputs: outputsOf(result, report), report, notices: [] };
}

/** What a request carries, and what is about asking or about this job alone. */
const carried = new Set(
  ["app", "environment", "artifact", "reason"].concat("request", "token", "hostToken", "matrix", "output"),
);

/**
 * A request carries app, environment, artifact and reason. What else was given must not be dropped: a plan would
 * become a promotion. None of these has a default but `false`, so what has a value was given.
 * @throws UserError `request/not-carried`, `input/artifact`
 */
export function assertCanBeAsked(inputs: PromoteInputs): void {
  const lost = Object.entries(inputs)
    .filter(([name, value]) => !carried.has(name) && value !== undefined && value !== false)
    .map(([name]) => name);
  if (lost.length > 0) {
    const seen = lost.map(kebabCase);
    const branch = lost.includes("ref")
      ? " The branch of the workflow that is started stands in request, behind an @."
      : "";
    throw new UserError("request/not-carried", `A request does not carry ${seen.join(", ")}.`, {
      seen,
      fix: `Leave it out and let the workflow that is asked give it, or run promote where the config repository can be read and written, without request.${branch}`,
    });
  }
  if (parseArtifactSelector(inputs.artifact).kind !== "path") return;
  throw new UserError("input/artifact", "A request cannot carry a file: it is not there where the promotion runs.", {
    seen: inputs.artifact,
    fix: "Give the artifact's id or digest (outputs artifact-id and artifact-digest of build-artifact), or latest.",
  });
}

/** @param known who asks, and what the artifact's name stands for, wherever its file lies */
function requestOf(
  inputs: PromoteInputs,
  context: CiContext,
  { actor, artifact }: { actor: Actor; artifact: string },
): PromoteRequest {
  const { token: _token, hostToken: _hostToken, ...given } = inputs;
  const intent = { command: "promote", ...given, artifact };
  const request = inputs.requestId ?? requestIdOf(context, intent) ?? requestIdName(randomUUID());
  return {
    apps: inputs.app,
    environments: inputs.environment,
    artifact: inputs.artifact,
    reason: inputs.reason,
    plan: inputs.plan,
    overwrite: inputs.overwrite,
    set: inputs.set,
    commitMessage: inputs.commitMessage,
    author: inputs.author === undefined ? undefined : identityOf(inputs.author),
    request,
    again: mayBeAgain(inputs, context),
    actor,
  };
}

/** Whether the same request may have been made before: by a re-run, or under an id that somebody chose. */
function mayBeAgain({ requestId }: PromoteInputs, { host, run: { attempt } }: CiContext): boolean {
  if (requestId !== undefined) return true;
  // A retried job of GitLab cannot be told from the first.
  return host !== "terminal" && (attempt === undefined || attempt > 1);
}

const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `Name <email>` as an identity. */
export function identityOf(author: string): Identity {
  const found = /^([^<>]+) <([^<>\s]+)>$/.exec(author);
  if (found?.[1] !== undefined && found[2] !== undefined) return { name: found[1].trim(), email: found[2] };
  throw new UserError("input/author", `${JSON.stringify(author)} is not an author.`, {
    seen: author,
    fix: "Write a name and an address: Ada Lovelace <ada@example.org>.",
  });
}

function reportOf(
  result: PromoteResult,
  request: PromoteRequest,
  { repository }: ConfigConnection,
  { advisory, surroundings }: { advisory: PromotionReport["advisory"]; surroundings: Surroundings },
): PromotionReport {
  const isHere = ({ location, branch }: { location: string; branch: string }) =>
    location === repository.location && branch === repository.branch;
  return {
    kind: "promotion",
    result: result.result,
    decisions: result.decisions,
    passedOver: result.passedOver,
    undecided: result.undecided,
    pipeline: { environments: [...result.pipeline.environments.values()], running: runningOf(result.board) },
    configLocation: repository.location,
    branch: repository.branch,
    commit: result.commits.find(isHere)?.commit,
    commitsElsewhere: result.commits.filter((one) => !isHere(one)),
    advisory,
    plan: request.plan,
    request: request.request,
    actor: request.actor,
    reason: request.reason,
    cost: repository.cost(),
    links: linksOf(repository.location, surroundings),
    now: surroundings.clock.now(),
    notices: [...result.notices, ...unreadableNotices(result.board)],
  };
}

/** The board as reports take it: what could not be read is not on it, but among the notices. */
export function runningOf(board: readonly BoardRow[]) {
  const readable = board.filter(({ unreadable }) => unreadable === undefined);
  return readable.map(({ freezes, unreadable: _unreadable, ...row }) => ({ ...row, freeze: freezes[0] }));
}

/** What could not be read, each reason once. */
export function unreadableNotices(board: readonly BoardRow[]): string[] {
  return [...new Set(board.flatMap(({ unreadable }) => (unreadable === undefined ? [] : [unreadable])))];
}

/** The outputs of the action and the component; what they say is what the JSON document says. */
export function outputsOf(
  result: Pick<PromoteResult, "result" | "decisions" | "board">,
  report: PromotionReport,
): Record<string, string> {
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
  return {
    result: result.result,
    commit: typeof document.commit === "string" ? document.commit : "",
    environments: keyed((decision) => running(decision)?.artifact.id),
    "previous-artifact": keyed(({ previous }) => previous?.artifact.id),
    decision: JSON.stringify(document),
  };
}

/** `glu plan`: promote with `plan` set. What is held is an answer here, not a failure of the command. */
export function runPlan(inputs: InputsOf<typeof planCommand>, surroundings: Surroundings): Promise<Outcome> {
  const notAsked = {
    token: undefined,
    hostToken: undefined,
    reason: undefined,
    onHeld: "succeed",
    commitMessage: undefined,
  } as const;
  const rest = { author: undefined, request: undefined, requestId: undefined } as const;
  return runPromote({ ...inputs, ...notAsked, ...rest, plan: true }, surroundings);
}
