import { evaluateEach } from "../decide/decide.ts";
import { observe } from "../decide/observe.ts";
import { gateWithoutSecrets } from "../decide/without-secrets.ts";
import type { GateSubject, ReleaseInPlace } from "../gates/gate.ts";
import type { Artifact } from "../model/artifact.ts";
import type { GateResult } from "../model/decision.ts";
import type { RequestId, Sha } from "../model/names.ts";
import type { App, Environment, Verification } from "../model/pipeline.ts";
import { type Release, type ReleaseRecord, releases } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import type { State } from "../state/state.ts";
import { heldUntilThere } from "./held-until-there.ts";
import { isIn } from "./is-in.ts";
import { type Verdict, verdictOf, type Watch } from "./verdict.ts";

/** A release that waits for its verification. */
export interface Pending {
  app: App;
  environment: Environment & { verify: Verification };
  release: Release & { releasedAt: string };
}

/** What was seen of a release by one look at it. */
export interface Seen {
  commit: Sha | undefined;
  verdict: Verdict;
  /** What is verified, one by one. */
  gates: GateResult[];
}

export interface LookingAt {
  tip: Snapshot;
  target: ConfigRepository;
  state: State;
  ports: PromotePorts;
  memory: RunMemory;
  /** See `VerifyEverywhere.watch`. */
  watch?: Watch | undefined;
}

/** Looks at what is verified of a release, once. What cannot be looked at is said, and fails nothing. */
export async function lookAt(
  { app, environment, release }: Pending,
  { tip, target, state, ports, memory, watch }: LookingAt,
): Promise<Seen> {
  const { artifact, request, actor, reason } = release;
  const { clock, outside, gates, templates } = ports;
  const subject: GateSubject = {
    intent: {
      app: app.name,
      environment: environment.name,
      artifact,
      explicit: false,
      request: request as RequestId,
    },
    app,
    environment,
    actor,
    reason,
    overwrite: false,
    drift: [],
    ancestry: memory.ancestry.ask,
  };
  const commit = (await findRequest(tip, { request, app: app.name, environment: environment.name }))?.commit;
  const repository = target.location;
  const observed = await observe(subject, state, {
    gates,
    outside,
    clock,
    templates,
    // Each look is a new one: what was not there a minute ago may be there now.
    cache: new Map(),
    plan: false,
    tip: { repository, commit: tip.commit },
    items: () => memory.reader.items(app, artifact),
    release: {
      request,
      commit: commit === undefined ? undefined : { repository, commit },
      releasedAt: Date.parse(release.releasedAt),
      arrivedAt: arrivalOf(release, environment.verify),
      before: artifactBefore(state.record(app.name, environment.name), release),
      isIn: async (revision) => (commit === undefined ? undefined : isIn(revision, commit, tip)),
    },
  });
  const now = clock.now();
  const evaluated = evaluateEach(observed, subject, now).map(({ result, ...more }) => ({
    ...more,
    result: gateWithoutSecrets(result, outside.redact),
  }));
  const verdict = verdictOf(release, evaluated, environment.verify, now, watch);
  // Once it has failed, what was seen is why.
  const counting = verdict.state === "failed" ? evaluated : heldUntilThere(evaluated, release);
  return { commit, verdict, gates: counting.map(({ result }) => result) };
}

/** When a release was first seen to run there, as its record has it, where one of the gates tells that. */
function arrivalOf({ state, verification }: Release, { gates }: Verification): ReleaseInPlace["arrivedAt"] {
  if (!gates.some(({ name }) => name === "health")) return undefined;
  return state === "synced" && verification !== undefined ? Date.parse(verification.at) : "awaited";
}

function artifactBefore(record: ReleaseRecord, { request }: Release): Artifact | undefined {
  const all = releases(record).filter(({ releasedAt }) => releasedAt !== null);
  const before = all[all.findIndex((one) => one.request === request) + 1];
  return before === undefined || before.removed !== undefined ? undefined : before.artifact;
}
