import { GluError, UserError } from "../errors.ts";
import { undeclaredPlaces } from "../history/recorded-places.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import { shortRef } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { recordPath } from "../model/record.ts";
import type { ConfigRepository, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { candidatesOf } from "../promote/candidates.ts";
import { type Drifted, driftedValues } from "../reconcile/drifted.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { parseTrailers } from "../records/trailers.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { TipReader } from "../state/tip-reader.ts";
import { Tips } from "../state/tips.ts";
import { type BroughtBy, mergesAt } from "./by-proposal.ts";
import { documentsOf, editedAtOnce, editedDocuments, mostCommits } from "./edited-documents.ts";
import { isFailure } from "./finding.ts";
import { heldThen } from "./held-then.ts";
import { type Apart, changedBy, History } from "./history.ts";
import type { DriftFinding, DriftOutcome, DriftPorts, DriftRequest, DriftResult } from "./options.ts";
import { type ScheduledThen, scheduledThen } from "./scheduled-then.ts";
import { findTouched } from "./touched.ts";
import { whoChanged } from "./who-changed.ts";

interface Place {
  app: AppName;
  environment: EnvName;
}

/**
 * Looks for what was changed past Glu: values that are not what the records say, with the commit that made them so;
 * records, pins and freezes that a commit changed without carrying their request; and which of it was done while a pin
 * or freeze held the place. Commits of Glu's that agree with their records are not told. It writes nothing.
 * @throws UserError `input/since` when the commit that was asked for is not in the history
 */
export async function drift(request: DriftRequest, ports: DriftPorts): Promise<DriftResult> {
  const { repository, repositoryOf, logger } = ports;
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const tip = await repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const candidates = candidatesOf(pipeline, request);
  const findings: DriftFinding[] = [];
  const looked: DriftResult["looked"] = { places: 0, unrecorded: 0, commits: undefined };
  const unread: DriftResult["unread"] = [];
  const notices: string[] = request.apps.length > 0 ? [] : await undeclaredRecords(tip, pipeline);
  for (const target of new Set(candidates.map(({ environment }) => repositoryOf(environment)))) {
    const places = candidates
      .filter(({ environment }) => repositoryOf(environment) === target)
      .map(({ app, environment }): Place => ({ app: app.name, environment: environment.name }));
    try {
      const own = target === repository ? tip : await target.open();
      const found = await lookAt({ target, tip: own, places, configTip: tip, pipeline }, request, ports);
      findings.push(...found.findings);
      notices.push(...found.notices);
      looked.places += found.places;
      looked.unrecorded += found.unrecorded;
      if (target === repository) looked.commits = found.commits;
    } catch (error) {
      if (!(error instanceof GluError) || target === repository) throw error;
      unread.push(...places.map((place) => ({ ...place, error })));
    }
  }
  return { result: outcomeOf(findings), findings, looked, unread, notices, pipeline };
}

function outcomeOf(findings: readonly DriftFinding[]): DriftOutcome {
  if (findings.some(({ past }) => past.length > 0)) return "violation";
  return findings.some(isFailure) ? "drifted" : "clean";
}

/**
 * Apps that run somewhere by their records and are declared no more: whoever removes one from the config takes it out of
 * this check. Of what was taken out of its environments there is nothing to look at.
 */
async function undeclaredRecords(tip: Snapshot, pipeline: Pipeline): Promise<string[]> {
  const places = await undeclaredPlaces(pipeline, tip);
  const files = await tip.read(documentPaths(places.map(({ app, environment }) => recordPath(app, environment))));
  const names = new Set<string>();
  for (const { app, environment } of places) {
    if (ifReadable(() => readCurrent(files, app, environment)) !== null) names.add(app);
  }
  if (names.size === 0) return [];
  const shown = `${[...names].slice(0, 5).join(", ")}${names.size > 5 ? ` and ${names.size - 5} more` : ""}`;
  return [`Not looked at, for the config declares no such app, though there are records: ${shown}.`];
}

/** One repository and branch, and the places that live in it. */
interface Here {
  target: ConfigRepository;
  tip: Snapshot;
  places: readonly Place[];
  configTip: Snapshot;
  pipeline: Pipeline;
}

interface FoundHere {
  findings: DriftFinding[];
  notices: string[];
  places: number;
  unrecorded: number;
  commits: number | undefined;
}

async function lookAt(here: Here, request: DriftRequest, ports: DriftPorts): Promise<FoundHere> {
  const { target, tip, configTip, pipeline } = here;
  const { repository: config, repositoryOf, editors } = ports;
  const tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf });
  const history = new History(tip, tips.own);
  const scheduled = scheduledThen(target === config ? tip : undefined, pipeline, ports);
  const { commits, apart, notices } = await commitsOf(here, request, ports, history);
  const since = commits?.at(-1);
  const then = since === undefined ? undefined : await history.at(since.commit);
  const touched = then === undefined ? undefined : await findTouched(here.places, tips.own, then);
  const places = touched?.places ?? here.places;
  const values = await driftedValues(places, tips, editors);
  const findings: DriftFinding[] = unreadableRecords(places, tips);
  for (const value of values) findings.push(await findingOf(value, { tips, history, commits, scheduled, ports }));
  if (commits !== undefined && touched !== undefined) {
    const documents = documentsOf(places).filter(({ path }) => touched.paths.has(path));
    const state = tips.state();
    const broughtBy: BroughtBy = (environment, request) =>
      here.places
        .filter((place) => place.environment === environment)
        .map(({ app }) => app)
        .filter((app) => ifReadable(() => state.current(app, environment))?.request === request);
    const telling = { history, cameBy: mergesAt(pipeline, broughtBy, ports), scheduled };
    const edited =
      apart === undefined ? editedDocuments(documents, commits, telling) : editedAtOnce(documents, apart, telling);
    findings.push(...(await edited));
    if (apart === undefined && documents.length > 0 && commits.length > mostCommits + 1) {
      notices.push(`Of ${commits.length - 1} commits only the newest ${mostCommits} were looked at one by one.`);
    }
  }
  const unrecorded = places.filter(({ app, environment }) => !tips.own.files.has(recordPath(app, environment))).length;
  const counts = { places: places.length, unrecorded };
  return { findings, notices, ...counts, commits: commits === undefined ? undefined : commits.length - 1 };
}

interface Commits {
  /** Newest first, with the one before them; undefined: everything as it stands. */
  commits: readonly LogEntry[] | undefined;
  /** They do not follow the one before them, and are looked at as one. */
  apart: Apart | undefined;
  notices: string[];
}

async function commitsOf(
  { target, tip }: Here,
  { since, sinceIsAsked }: DriftRequest,
  { repository }: DriftPorts,
  history: History,
): Promise<Commits> {
  const everything = { commits: undefined, apart: undefined };
  // A push is of one repository; what lives elsewhere is not touched by it, and is looked at as it stands.
  if (since === undefined || target !== repository) return { ...everything, notices: [] };
  const commits = await history.downTo(({ commit }) => commit === since);
  if (commits !== undefined) return { commits, apart: undefined, notices: [] };
  const apart = await history.apartFrom(since);
  const [name, branch] = [since.slice(0, 12), shortRef(tip.branch)];
  if (apart !== undefined) {
    const why = `${name} is not in the line of ${branch}, as when ${branch} was merged into another branch, or pushed by force`;
    const commits = [...(apart.own.length > 0 ? apart.own : [apart.tip]), apart.before];
    return { commits, apart, notices: [`${why}: what differs from it was looked at as one change.`] };
  }
  const why = `${name} is not among the last commits of ${branch}, and cannot be read`;
  if (!sinceIsAsked) return { ...everything, notices: [`${why}: everything was looked at, as after a forced push.`] };
  throw new UserError("input/since", `${why}.`, {
    seen: since,
    fix: "Give the full id of a commit of the branch, or leave it out to look at everything.",
  });
}

function unreadableRecords(places: readonly Place[], tips: Tips): DriftFinding[] {
  const state = tips.state();
  return places.flatMap(({ app, environment }): DriftFinding[] => {
    try {
      state.current(app, environment);
      return [];
    } catch (error) {
      if (!(error instanceof GluError) || error.kind !== "usage") throw error;
      const { message, fix } = error;
      const path = recordPath(app, environment);
      return [
        { kind: "unreadable", app, environment, path, line: undefined, by: undefined, past: [], why: message, fix },
      ];
    }
  });
}

interface Around {
  tips: Tips;
  history: History;
  commits: readonly LogEntry[] | undefined;
  scheduled: ScheduledThen;
  ports: DriftPorts;
}

/** Who made a value what it is, and past what. */
async function findingOf(
  { app, environment, path, selector, recorded, found }: Drifted,
  { tips, history, commits, scheduled, ports }: Around,
): Promise<DriftFinding> {
  const file = path as RepoPath;
  const record = tips.state().current(app, environment);
  const kind = record?.writes.find((one) => one.path === path && one.selector === selector)?.editor;
  const editor = ports.editors.find((one) => one.kind === kind);
  const valueIn = ({ files }: Pick<TipReader, "files">) => {
    const at = files.get(file);
    return at?.kind === "file" ? editor?.read(at.content, selector) : undefined;
  };
  // The release wrote what is recorded, so it was changed after that; an older release may have had what is there now.
  const released = await history.downTo(({ message }) =>
    parseTrailers(message).some((one) => {
      return one.request === record?.request && one.app === app && one.environment === environment;
    }),
  );
  const isAsNow = (files: TipReader) => valueIn(files) === found;
  const step = await whoChanged(history, { path: file, isAsNow }, [released, commits]);
  const now = tips.own.files.get(file);
  return {
    kind: "value",
    ...{ app, environment, path, selector, recorded, found, fileGone: now === undefined },
    line: now?.kind === "file" ? editor?.line?.(now.content, selector) : undefined,
    by: step === undefined ? undefined : changedBy(step.entry),
    past: step === undefined ? [] : await heldThen(history, step, { app, environment }, scheduled),
  };
}
