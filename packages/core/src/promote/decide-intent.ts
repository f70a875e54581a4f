import { digestOf, sameArtifact } from "../artifact/digest.ts";
import { refuseOtherContent } from "../artifact/stored.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import { decide } from "../decide/decide.ts";
import { type ObserveOptions, observe } from "../decide/observe.ts";
import { withoutSecrets } from "../decide/without-secrets.ts";
import {
  asRefusal,
  type Earlier,
  type EditTools,
  type Prepared,
  prepareEdits,
  type RenderedWrite,
  renderWrites,
} from "../edit/edit.ts";
import type { Overlay } from "../edit/overlay.ts";
import { GluError, RefusedError } from "../errors.ts";
import { overridingOf } from "../gates/break-glass.ts";
import type { GateSubject } from "../gates/gate.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Decision, GateResult, Intent } from "../model/decision.ts";
import { mayHaveForgotten, type Release, type ReleaseRecord, releases } from "../model/record.ts";
import type { Editor } from "../ports/editor.ts";
import type { Restored } from "../rollback/exact-files.ts";
import { prepareRestored } from "../rollback/prepare-restored.ts";
import { type State, stateBefore } from "../state/state.ts";
import type { Candidate } from "./candidates.ts";
import type { PastRequest } from "./find-request.ts";
import type { ResolvedIntent } from "./intents.ts";
import type { PromoteRequest } from "./options.ts";

/** An intent with its writes rendered, or why they cannot be. */
export interface Drafted {
  intent: Intent;
  candidate: Candidate;
  writes: RenderedWrite[] | Restored | Extract<Prepared, { kind: "refused" }>;
  /** Older ones, newest first, that may go while this one is held. */
  alternatives: readonly Artifact[];
}

/** The intent's templates rendered; what cannot be rendered refuses this intent and no other. */
export function draft(intent: ResolvedIntent, tools: EditTools): Drafted {
  const { candidate, alternatives, exact, ...plain } = intent;
  const drafted = { intent: plain, candidate, alternatives };
  if (exact !== undefined) return { ...drafted, writes: exact };
  try {
    return { ...drafted, writes: renderWrites(plain, candidate.app, candidate.environment, tools) };
  } catch (error) {
    return { ...drafted, writes: asRefusal(error) };
  }
}

export interface DecideIntentOptions {
  request: PromoteRequest;
  state: State;
  /** Files at the tip and what earlier intents of this run changed on top. */
  overlay: Overlay;
  earlier: Earlier;
  editors: readonly Editor[];
  observing: ObserveOptions;
  ancestry: AncestryReader;
  /** An earlier push of this very run may have arrived: finding it is success, not a repetition. */
  unclear: boolean;
  /** The release that this request made here, as history tells it. */
  past(intent: Intent): Promise<PastRequest | undefined>;
}

/** A decision, and the edits that carry it out when it is to be promoted now. */
export interface DecidedIntent {
  decision: Decision;
  edits: Extract<Prepared, { kind: "edited" }> | undefined;
  /** On a newer artifact, which waits while this one goes. */
  waiting?: Decision;
  /** Something is in the way of whatever artifact. */
  isPlaceHeld?: boolean;
  /** On older ones, which were tried and are held as well. */
  tried?: readonly Decision[];
}

/**
 * Decides one intent: carried out before, refused by an edit, unchanged, or what the gates say. What is wrong with this
 * intent alone, such as a record that cannot be read, refuses it and no other.
 */
export async function decideIntent(drafted: Drafted, options: DecideIntentOptions): Promise<DecidedIntent> {
  try {
    return await decideReadable(drafted, options);
  } catch (error) {
    if (!(error instanceof GluError) || error.kind === "outside") throw error;
    const { intent } = drafted;
    const gate: GateResult = {
      name: error.code.split("/", 1)[0] ?? error.code,
      met: false,
      outcome: "refused",
      code: error.code,
      seen: error.message,
      ...(error.fix === undefined ? {} : { clearedBy: error.fix }),
    };
    const nothing = { previous: undefined, release: undefined, commit: undefined, repeated: false, changes: [] };
    return { decision: { intent, result: "refused", reason: gate.seen, gates: [gate], ...nothing }, edits: undefined };
  }
}

async function decideReadable(drafted: Drafted, options: DecideIntentOptions): Promise<DecidedIntent> {
  const { intent, candidate } = drafted;
  const { request, state } = options;
  const record = state.record(intent.app, candidate.environment.name);
  const previous = record.current ?? undefined;
  const base = { intent, previous, commit: undefined, repeated: false, changes: [], gates: [], release: undefined };

  const done = releases(record).find((release) => release.request === request.request);
  if (done !== undefined) return { decision: alreadyDone(drafted, done, options), edits: undefined };
  if (request.again && mayHaveForgotten(record)) {
    const past = await options.past(intent);
    if (past !== undefined) return { decision: doneLongAgo(drafted, past, previous, options), edits: undefined };
  }

  assertIdIsFree(intent, record);

  const prepared = prepare(drafted.writes, record, options);
  const isThere = prepared.kind === "edited" && prepared.files.size === 0;
  // What failed is released once more for whoever gives a reason: it is then verified anew.
  const isTriedAgain = previous?.state === "failed" && intent.explicit && request.reason !== undefined;
  if (isThere && previous?.artifact.id === intent.artifact.id && !isTriedAgain) {
    const failed = previous.state === "failed" ? "; it failed, and is tried again for whoever gives a reason" : "";
    const reason = `already runs ${intent.artifact.id}, and its files say so${failed}`;
    return { decision: { ...base, result: "unchanged", reason, release: previous }, edits: undefined };
  }
  await options.ancestry.load(intent.artifact, previous?.artifact);
  const { override = [] } = request;
  const subject: GateSubject = {
    intent,
    app: candidate.app,
    environment: candidate.environment,
    actor: request.actor,
    reason: request.reason,
    overwrite: request.overwrite,
    overriding: await overridingOf(
      { intent, environment: candidate.environment },
      { ...request, override },
      options.observing,
    ),
    drift: prepared.kind === "edited" ? prepared.drift : [],
    ancestry: options.ancestry.ask,
  };
  const seen = stateBefore(state, request.request);
  // What cannot be written makes nothing happen.
  const plan = options.observing.plan || prepared.kind === "refused";
  const observed = await observe(subject, seen, { ...options.observing, plan });
  // Observing may have taken long: what counts is the time at which it is decided.
  const { clock, outside } = options.observing;
  const { isPlaceHeld, ...verdict } = withoutSecrets(decide(subject, observed, clock.now()), outside.redact);
  if (prepared.kind === "refused") {
    // The gates as well: who mends the file should know what stops it next. Drift was not looked at.
    const gates = [editGate(prepared, intent), ...verdict.gates.filter(({ name }) => name !== "drift")];
    const reason = gates.flatMap(({ met, outcome, seen }) => (met || outcome !== "refused" ? [] : [seen])).join("; ");
    return { decision: { ...base, result: "refused", reason, gates }, edits: undefined };
  }
  const decision = { ...base, ...verdict, changes: prepared.changes };
  return { decision, edits: verdict.result === "promoted" ? prepared : undefined, isPlaceHeld };
}

function prepare(
  writes: Drafted["writes"],
  record: ReleaseRecord,
  { overlay, earlier, editors }: DecideIntentOptions,
): Prepared {
  if (!("kind" in writes)) return prepareEdits(writes, overlay, record, earlier);
  return writes.kind === "restored" ? prepareRestored(writes, overlay, record, editors) : writes;
}

/** What was released or rejected here under an id is all that may ever run here under it. */
function assertIdIsFree({ artifact, app, environment }: Intent, record: ReleaseRecord): void {
  const isTaken =
    releases(record).some((one) => one.artifact.id === artifact.id && !sameArtifact(one.artifact, artifact)) ||
    record.rejected.some((one) => one.artifact === artifact.id && one.digest !== digestOf(artifact));
  if (isTaken) refuseOtherContent(artifact.id, `The record of ${app} in ${environment}`);
}

function alreadyDone({ intent, candidate }: Drafted, release: Release, options: DecideIntentOptions): Decision {
  const past = releases(options.state.record(intent.app, candidate.environment.name));
  assertSameArtifact(intent, release.artifact.id, options);
  assertSameKind(intent, release, options);
  return {
    intent: { ...intent, artifact: release.artifact },
    result: "promoted",
    reason: options.unclear ? "all gates are met" : `this request was carried out at ${release.decidedAt}`,
    gates: [],
    previous: past.find((_, index) => past[index - 1]?.request === release.request),
    release,
    commit: undefined,
    repeated: !options.unclear,
    changes: [],
  };
}

/** Known from the trailers of its commit only. */
function doneLongAgo(
  { intent }: Drafted,
  { commit, artifact = "", kind }: PastRequest,
  previous: Release | undefined,
  options: DecideIntentOptions,
): Decision {
  assertSameArtifact(intent, artifact, options);
  assertSameKind(intent, { kind }, options);
  const reason = `this request was carried out by ${commit.slice(0, 7)}, with ${artifact}`;
  const nothing = { gates: [], changes: [], release: undefined };
  return { intent, result: "promoted", reason, previous, commit, repeated: true, ...nothing };
}

/** A relative target was resolved when the request was carried out; a named one must be the same. */
function assertSameArtifact({ artifact, environment }: Intent, released: string, { request }: DecideIntentOptions) {
  const { rollback } = request;
  const isRelative = rollback === undefined ? request.artifact === "latest" : rollback.target.kind !== "named";
  if (released === artifact.id || isRelative) return;
  throw new RefusedError(
    "request/reused",
    `The request ${request.request} was used before, for ${released} in ${environment}.`,
    {
      seen: artifact.id,
      fix: "Start a new run: a re-run repeats its request. At a terminal, give every promotion its own --request-id.",
    },
  );
}

/** Who asks to go back is not answered with what went forward, nor the other way round. */
function assertSameKind(
  { rollback, environment }: Intent,
  { kind }: { kind: string },
  { request }: DecideIntentOptions,
) {
  if ((rollback !== undefined) === (kind === "rollback")) return;
  throw new RefusedError(
    "request/reused",
    `The request ${request.request} was used before, for a ${kind} in ${environment}.`,
    {
      seen: kind,
      fix: "Start a new run: a re-run repeats its request. At a terminal, give each its own --request-id.",
    },
  );
}

function editGate(refused: Extract<Prepared, { kind: "refused" }>, { rollback }: Intent): GateResult {
  // The place may be gone that was written then.
  const isByIntent = rollback !== undefined && !refused.code.startsWith("rollback/");
  const fix = [refused.fix, ...(isByIntent ? ["Or put the files back as they were, with exact."] : [])]
    .filter((text) => text !== undefined)
    .join(" ");
  const line = refused.line === undefined ? "" : `:${refused.line}`;
  const at = refused.path === "" ? "" : `${refused.path}${line}: `;
  return {
    name: "edit",
    met: false,
    outcome: "refused",
    code: refused.code,
    seen: `${at}${refused.message}`,
    ...(fix === "" ? {} : { clearedBy: fix }),
  };
}
