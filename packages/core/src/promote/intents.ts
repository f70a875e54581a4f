import type { AncestryReader } from "../decide/ancestry.ts";
import { GluError, UserError } from "../errors.ts";
import { manifestAt } from "../manifests/manifest-at.ts";
import { whyNotStarted } from "../manifests/why-not-started.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Intent, PassedOver, Undecided } from "../model/decision.ts";
import type { ArtifactId, EnvName } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { explainMatch, matchesAny } from "../policy/match.ts";
import type { EditRefused } from "../ports/editor.ts";
import { carriesRequest } from "../records/trailers.ts";
import type { Restored } from "../rollback/exact-files.ts";
import { type ArtifactReader, isClosed } from "../select/artifact-reader.ts";
import type { ArtifactSelector } from "../select/artifact-selector.ts";
import {
  alternativesTo,
  isOffered,
  isReady,
  isRunning,
  isTaken,
  latestFor,
  takenBy,
  takesFromStore,
} from "../select/latest.ts";
import { newerSpoilt, type Spoilt, spoiltIn } from "../select/spoilt.ts";
import { whyNoneTaken } from "../select/why-none-taken.ts";
import { type Candidate, mayStart } from "./candidates.ts";
import type { PromoteRequest } from "./options.ts";

/** An intent, and what may take its artifact's place while that is held: older ones, newest first. */
export interface ResolvedIntent extends Intent {
  candidate: Candidate;
  alternatives: readonly Artifact[];
  /** The files that a rollback puts back, or why they cannot be had; absent: `write` is applied to the artifact. */
  exact?: Restored | EditRefused;
}

export interface ResolveOptions {
  request: PromoteRequest;
  selector: ArtifactSelector;
  reader: ArtifactReader;
  /** Records of an environment's upstreams, as they were before this request. */
  upstreams(app: App, environment: Environment): Promise<readonly ReleaseRecord[]>;
  /** What runs there. */
  current(app: App, environment: Environment): Promise<Artifact | undefined>;
  /** The artifact that this very request released there before. */
  carriedOut(app: App, environment: EnvName): Promise<Artifact | undefined>;
  ancestry: AncestryReader;
}

/** What a request comes down to. */
export interface Resolved {
  intents: ResolvedIntent[];
  /** Looked at and left alone. */
  passedOver: PassedOver[];
  /** What it comes down to cannot be told there. */
  undecided: Undecided[];
  /** What people should know though nothing failed: apps whose artifacts this token may not see. */
  notices: string[];
}

/** Whether somebody wants whatever is the latest. What a set takes is what its upstream runs: that names it. */
const isLatest = ({ explicit, environment }: Candidate, { selector }: ResolveOptions): boolean =>
  explicit && selector.kind === "latest" && environment.set !== true;

/** What was asked for by name cannot be done: never a green run that did nothing. */
export function nothingToPromote(why: string, filter: string): UserError {
  return new UserError("artifact/none", `There is nothing to promote: ${why}.`, {
    seen: "latest",
    fix: `'glu artifact list ${filter}' shows what there is; build one, or name one with artifact.`,
  });
}

/**
 * The intents of the request. Each place is looked at for itself: what cannot be told of one stops no other, except in
 * a set.
 */
export async function resolveIntents(candidates: readonly Candidate[], options: ResolveOptions): Promise<Resolved> {
  const { request } = options;
  const resolved: Resolved = { intents: [], passedOver: [], undecided: [], notices: [] };
  const closed: GluError[] = [];
  await options.reader.expect([...new Set(candidates.filter(looksAtAll(options)).map(({ app }) => app))]);
  for (const candidate of candidates) {
    const { app, environment, explicit } = candidate;
    const place = { app: app.name, environment: environment.name };
    const pass = (reason: string, artifact?: Artifact) => {
      resolved.passedOver.push({ ...place, artifact: artifact?.id as ArtifactId | undefined, reason });
    };
    const tellSpoilt = ({ artifact, error }: Spoilt) => {
      const reason = [error.message, error.fix].filter((text) => text !== undefined).join(" ");
      pass(reason, artifact);
      resolved.notices.push(`${artifact.id} of ${app.name} is not looked at for ${environment.name}. ${reason}`);
    };
    if (!mayStart(candidate)) {
      pass(noPolicy);
      continue;
    }
    try {
      const found = await resolveOne(candidate, options, tellSpoilt);
      if ("why" in found) pass(found.why, found.artifact);
      else {
        const asked = { explicit, ...(isLatest(candidate, options) ? { unaware: true as const } : {}) };
        resolved.intents.push({ ...place, ...found, ...asked, request: request.request, candidate });
      }
    } catch (error) {
      if (!(error instanceof GluError) || request.set) throw error;
      // One app's private repository must not keep all the others from being delivered; an app asked for by name must.
      if (request.apps.length > 0 || !isClosed(error)) {
        resolved.undecided.push({ ...place, error });
      } else {
        closed.push(error);
        pass(`its artifacts cannot be read: ${error.message}`);
        resolved.notices.push(`${app.name} is passed over: its artifacts cannot be read. ${error.message}`);
      }
    }
  }
  tellIgnored(resolved, candidates);
  const [first] = closed;
  const readable = candidates.filter(mayStart).length > closed.length;
  if (first !== undefined && !readable) throw first;
  return resolved;
}

const noPolicy = "has no policy: it is promoted by request";

/** Of artifacts that are known anyway it is said that their manifests would start something, were they allowed to. */
function tellIgnored({ intents, passedOver }: Resolved, candidates: readonly Candidate[]): void {
  for (const passed of passedOver) {
    if (passed.reason !== noPolicy) continue;
    const isThere = (one: Candidate) => one.app.name === passed.app && one.environment.name === passed.environment;
    const place = candidates.find(isThere);
    const known = intents.filter(({ app }) => app === passed.app).map(({ artifact }) => artifact);
    const ignored = known.some(
      (artifact) => place !== undefined && manifestAt(place.app, place.environment, artifact).kind === "ignored",
    );
    if (ignored)
      passed.reason = `${noPolicy}. Its artifact has a manifest, which apps.${passed.app}.manifests does not allow there`;
  }
}

/** The artifact that is to go there, or why none is. */
async function resolveOne(
  candidate: Candidate,
  options: ResolveOptions,
  tellSpoilt: (spoilt: Spoilt) => void,
): Promise<{ artifact: Artifact; alternatives: readonly Artifact[] } | { artifact?: Artifact; why: string }> {
  const { app, environment, explicit } = candidate;
  let artifact: Artifact | undefined;
  let alternatives: readonly Artifact[] = [];
  try {
    artifact = await resolvedBefore(candidate, options);
    if (artifact === undefined) ({ artifact, alternatives } = await artifactFor(candidate, options, tellSpoilt));
  } catch (error) {
    // A request that was carried out is found, also when its artifact has been pruned since.
    const done = error instanceof UserError ? await options.carriedOut(app, environment.name) : undefined;
    if (done === undefined) throw error;
    return { artifact: done, alternatives };
  }
  if (artifact === undefined) {
    const done = await options.carriedOut(app, environment.name);
    if (done !== undefined) return { artifact: done, alternatives };
    // Asked for by name, it was looked for anywhere.
    const taking =
      explicit && environment.set !== true
        ? { ...candidate, environment: { ...environment, from: undefined, auto: undefined } }
        : candidate;
    const fromStore = takesFromStore(taking);
    const why = fromStore
      ? whyNoneTaken(taking, await options.reader.all(app), [])
      : whyNoneTaken(taking, [], await options.upstreams(app, environment));
    // Of all apps, one without artifacts is no failure.
    const { apps, set } = options.request;
    if (candidate.alongside === true) return { why };
    if (explicit && (apps.length > 0 || set)) throw nothingToPromote(why, `--app ${app.name}`);
    return { why };
  }
  const why = explicit
    ? undefined
    : (whyNotByItself(app, environment, artifact) ?? (await whyNotFollowed(candidate, artifact, options)));
  return why === undefined ? { artifact, alternatives } : { artifact, why };
}

/**
 * What `latest` meant when this request was made: it is resolved once, so a re-run takes to the places that it has not
 * reached what it took to the others, and never something newer. Only what the place itself takes: `latest` of another
 * one may be what never belongs here.
 */
async function resolvedBefore(candidate: Candidate, options: ResolveOptions): Promise<Artifact | undefined> {
  const { app, environment } = candidate;
  const { request, selector, ancestry } = options;
  if (!request.again || selector.kind !== "latest") return undefined;
  const here = await options.carriedOut(app, environment.name);
  if (here !== undefined) return here;
  const done = await Promise.all(app.environments.map((name) => options.carriedOut(app, name)));
  return ancestry.newest(
    done.filter((artifact) => artifact !== undefined && isTaken(candidate, artifact)) as Artifact[],
  );
}

/** Whether the artifact that is to go to a place is looked for among all of its app. */
const looksAtAll =
  ({ selector }: ResolveOptions) =>
  (candidate: Candidate): boolean =>
    selector.kind === "latest" && mayStart(candidate) && takesFromStore(candidate);

interface Found {
  artifact: Artifact | undefined;
  alternatives: readonly Artifact[];
}

async function artifactFor(
  candidate: Candidate,
  options: ResolveOptions,
  tellSpoilt: (spoilt: Spoilt) => void,
): Promise<Found> {
  const { app, environment, explicit } = candidate;
  const { selector, reader, ancestry } = options;
  const alone = (artifact: Artifact | undefined): Found => ({ artifact, alternatives: [] });
  // Of one that only moves with another nothing was asked by name.
  if (selector.kind !== "latest" && candidate.alongside !== true) return alone(await reader.one(app, selector));
  if (environment.set === true) return alone(runningIn(await options.upstreams(app, environment)));
  const fromStore = takesFromStore(candidate);
  const all = fromStore ? await reader.all(app) : [];
  const upstreams = fromStore ? [] : await options.upstreams(app, environment);
  const taken = takenBy(candidate, all, upstreams);
  const artifact = await ancestry.newest(taken);
  const spoilt = spoiltIn(candidate, all, upstreams);
  // Asked for by name, and there is no other: its gates say what is wrong with it.
  if (explicit && artifact === undefined && spoilt.length > 0) {
    return alone(await ancestry.newest(spoilt.map((one) => one.artifact)));
  }
  const newer = await newerSpoilt(artifact ?? (await options.current(app, environment)), spoilt, ancestry);
  for (const one of newer) tellSpoilt(one);
  if (artifact === undefined) {
    if (fromStore || !explicit) return alone(undefined);
    // Asked for by name and not upstream yet: the newest that would be taken, so that its gates say what it waits for.
    const anywhere = { ...environment, from: undefined, auto: undefined };
    return alone(await latestFor({ ...candidate, environment: anywhere }, await reader.all(app), [], ancestry));
  }
  // With steady traffic the newest always waits: what is behind it must not wait with it.
  if (explicit || taken.length < 2 || !mayHold(environment)) return alone(artifact);
  const current = await options.current(app, environment);
  return { artifact, alternatives: await alternativesTo(artifact, taken, current, ancestry) };
}

/** What the one upstream runs. */
function runningIn([upstream]: readonly ReleaseRecord[]): Artifact | undefined {
  const current = upstream?.current;
  return current && current.releasedAt !== null ? current.artifact : undefined;
}

/** Whether one artifact may be held there while another one goes. */
const mayHold = ({ from, gates }: Environment): boolean => from !== undefined || gates.length > 0;

/**
 * Why an environment that follows what upstream runs now does not take an artifact that was named; undefined when it
 * does, or took it for this very request. Of what upstream has not released its gate `from` says more.
 */
async function whyNotFollowed(
  { app, environment }: Candidate,
  artifact: Artifact,
  { selector, upstreams, carriedOut }: ResolveOptions,
): Promise<string | undefined> {
  if (environment.auto !== "upstream" || selector.kind === "latest") return undefined;
  const records = await upstreams(app, environment);
  if (!isReady(environment, records, artifact) || isOffered(environment, records, artifact)) return undefined;
  if ((await carriedOut(app, environment.name))?.id === artifact.id) return undefined;
  const left = records.filter((record) => !isRunning(record, artifact)).map(({ environment: name }) => name);
  return `another one runs in ${left.join(", ")} now`;
}

/** Why nothing starts this promotion by itself; undefined when something does. */
function whyNotByItself(app: App, environment: Environment, artifact: Artifact): string | undefined {
  if (carriesRequest(artifact.version.message ?? "")) {
    return "its commit was made by Glu: policies ignore it, so that nothing promotes itself in circles";
  }
  const why = whyNotStarted(app, environment, artifact);
  if (why !== undefined) return why;
  const accepted = matchesAny(environment.accept, artifact);
  return accepted !== undefined && !accepted.matches ? `is not accepted: ${explainMatch(accepted)}` : undefined;
}
