import { GluError, UserError } from "../errors.ts";
import type { GateResult, Undecided } from "../model/decision.ts";
import { type AppName, type EnvName, type Sha, shortRef } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { type Release, recordPath } from "../model/record.ts";
import type { Change, ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { eachOf } from "../promote/each-of.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import { versionLabel } from "../promote/release.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { encodeDocument } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { State } from "../state/state.ts";
import { type Place, Tips } from "../state/tips.ts";
import { transact } from "../transact.ts";
import { lookAt, type Pending, type Seen } from "./look-at.ts";
import type { Watch } from "./verdict.ts";
import { describeVerdicts, saysOf } from "./verdict-message.ts";
import { isKnown, isPending, isStillPending, withVerdict } from "./with-verdict.ts";

/** A release that was looked at, and what it is now. */
export interface Verified {
  app: AppName;
  environment: EnvName;
  /** As its record has it now. */
  release: Release;
  /** What it took the place of. */
  previous: Release | undefined;
  /** The commit that carries it. */
  commit: Sha | undefined;
  /** What is verified, one by one. */
  gates: GateResult[];
  /** One sentence. */
  seen: string;
  /** Until when what is not met may still be; undefined when it is decided, or when nobody knows. */
  until: Seen["verdict"]["until"];
  /** Whether this look made it what it is. */
  isNews: boolean;
}

interface Looked {
  verified: Verified[];
  commit: Sha | undefined;
  /** What was found out, and may not be written down. */
  unwritten: Undecided[];
}

export interface VerifyReleases {
  target: ConfigRepository;
  /** Places that are looked at; only those of the target. */
  places: readonly Place[];
  pipeline: Pipeline;
  request: Pick<PromoteRequest, "request" | "author" | "actor">;
  ports: PromotePorts;
  memory: RunMemory;
  /**
   * Also those whose record does not say yet when they were merged. Else that is written first, by whoever tells people
   * of it: a release that has arrived, and whether it was merged past its status.
   */
  unrecorded?: boolean | undefined;
  /** See `VerifyEverywhere.watch`. */
  watch?: Watch | undefined;
  /** A tip that was opened already. */
  first?: Snapshot | undefined;
}

/** Releases that are looked at at the same time. */
const lookedAtOnce = 16;

/**
 * Looks at the current releases that wait for their verification, and writes into their records what became of them: one
 * commit for all. What was replaced meanwhile is left alone; what somebody else found out stands.
 * @returns each that was looked at, and the commit; undefined when there was nothing to write, or it could not be
 */
export function verifyReleases(options: VerifyReleases): Promise<Looked> {
  const { target, places, pipeline, request, ports, memory, first, watch, unrecorded = false } = options;
  const { clock, logger, repository: config, repositoryOf } = ports;
  const looks = new Map<string, Seen>();
  let last: Verified[] = [];
  const written = transact<Looked>({ repository: target, clock, logger, first }, async (tip) => {
    const configTip = target === config ? tip : await config.open();
    const merging = { merges: memory.merges, ports };
    const tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf, merging });
    await tips.load(places);
    const state = tips.state();
    const merged = unrecorded ? [] : tips.observed();
    const isRecorded = ({ app, environment }: Place) =>
      !merged.some((one) => one.app === app && one.environment === environment);
    const pending = places.filter(isRecorded).flatMap((place) => pendingAt(place, state, pipeline));
    await eachOf(pending, lookedAtOnce, async (one) => {
      const key = keyOf(one);
      if (!looks.has(key)) looks.set(key, await lookAt(one, { tip, target, state, ports, memory, watch }));
    });
    const verified: Verified[] = [];
    const changes: Change[] = [];
    for (const one of pending) {
      const [app, environment] = [one.app.name, one.environment.name];
      const { verdict, gates, commit } = looks.get(keyOf(one)) as Seen;
      const record = state.record(app, environment);
      if (!isStillPending(record, one.release)) continue;
      const found = { request: request.request, actor: request.actor, now: clock.now() };
      const isNews = verdict.isNews && !isKnown(verdict, one.release);
      const now = isNews ? withVerdict(record, verdict, one.environment.verify, found) : record;
      if (isNews) changes.push({ path: recordPath(app, environment), content: encodeDocument(now) });
      verified.push({
        ...{ app, environment, commit, gates },
        release: now.current ?? one.release,
        previous: record.history[0],
        seen: verdict.seen,
        until: verdict.until,
        isNews,
      });
    }
    last = verified;
    if (changes.length === 0)
      return { commit: undefined, done: () => ({ verified, commit: undefined, unwritten: [] }) };
    const message = describeVerdicts(
      verified.filter(({ isNews }) => isNews).map((one) => ({ ...one, version: versionLabel(one.release.artifact) })),
      request.request,
    );
    return {
      commit: { message, changes, ...(request.author === undefined ? {} : { author: request.author }) },
      done: (commit) => ({ verified, commit, unwritten: [] }),
    };
  });
  return written.catch((error: unknown) => {
    if (!(error instanceof GluError) || !forbidden.has(error.code)) throw error;
    // What is not news stands in the records already.
    const unwritten = last.filter(({ isNews }) => isNews).map((one) => unwrittenOf(one, target, error));
    return { verified: last.filter(({ isNews }) => !isNews), commit: undefined, unwritten };
  });
}

/** What a server says to a token that may not write to the branch. */
const forbidden = new Set(["repository/protected", "repository/read-only"]);

/** What was seen of a release is told though it cannot be kept. */
function unwrittenOf(
  { app, environment, release, seen }: Verified,
  target: ConfigRepository,
  cause: GluError,
): Undecided {
  const error = new UserError(
    "verify/unwritten",
    `${saysOf({ app, environment, version: versionLabel(release.artifact), release })} (${seen}), which cannot be written down: ${cause.message}`,
    {
      seen: release.state,
      fix: `What becomes of releases is written to ${shortRef(target.branch)} at once, also where changes are proposed: let the identity of this token push there, by the bypass list of the rule.`,
      cause,
    },
  );
  return { app, environment, error };
}

/** What waits for its verification in a place. What cannot be read there is said by whoever decides there. */
function pendingAt({ app: name, environment: at }: Place, state: State, pipeline: Pipeline): Pending[] {
  const [app, environment] = [pipeline.apps.get(name), pipeline.environments.get(at)];
  const { verify } = environment ?? {};
  if (app === undefined || environment === undefined || verify === undefined) return [];
  const release = ifReadable(() => state.current(name, at));
  if (!release || !isPending(release)) return [];
  const { releasedAt } = release;
  return releasedAt === null
    ? []
    : [{ app, environment: { ...environment, verify }, release: { ...release, releasedAt } }];
}

const keyOf = ({ app, environment, release }: Pending): string =>
  `${app.name}\0${environment.name}\0${release.request}`;
