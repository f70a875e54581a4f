import type { GluError } from "../errors.ts";
import type { AppName, EnvName, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { historyLimit, type Release, removalOf } from "../model/record.ts";
import type { OverviewPorts } from "../overview/status.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { PastReleases } from "../rollback/past-releases.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { State } from "../state/state.ts";
import { type Place, Tips } from "../state/tips.ts";
import { CommitsOfRequests } from "./commits-of-requests.ts";
import { type HistoryFilter, passesFilter, timeOf } from "./filter.ts";
import { type MarkedRelease, markReleases } from "./marks.ts";
import { type PlacesAsked, recordedPlaces } from "./recorded-places.ts";

export interface HistoryRequest extends PlacesAsked {
  filter: HistoryFilter;
  /** At most so many; 0: all. */
  limit: number;
  /** Also what the records no longer hold, as the branch had it. */
  all: boolean;
}

export interface HistoryEntry extends MarkedRelease {
  app: AppName;
  environment: EnvName;
  /** The commit that made it; undefined where the history does not tell. */
  commit: Sha | undefined;
}

export interface HistoryResult {
  pipeline: Pipeline;
  /** Newest first. */
  entries: HistoryEntry[];
  /** Whether releases passed the filters that the limit left out. */
  more: boolean;
  /** What could not be read, and what records no longer hold. */
  notices: string[];
}

/** Releases of apps in environments, newest first over all of them, each with what became of it. It writes nothing. */
export async function history(request: HistoryRequest, ports: OverviewPorts): Promise<HistoryResult> {
  const { repository, repositoryOf } = ports;
  const tip = await repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const places = await recordedPlaces(pipeline, tip, request);
  const tips = new Tips({ target: repository, tip, config: repository, configTip: tip, pipeline, repositoryOf });
  await tips.load(places);
  const notices = new Set<string>();
  const whereOf = ({ environment: name }: Place): ConfigRepository => {
    const environment = pipeline.environments.get(name);
    return environment === undefined ? repository : repositoryOf(environment);
  };
  const tipOf = (target: ConfigRepository): Promise<Snapshot> =>
    target === repository ? Promise.resolve(tip) : target.open();
  const found = await newestOf(places, tips.state(), request, {
    notices,
    older: async (place, record) => new PastReleases(await tipOf(whereOf(place))).older(place, record),
  });
  const limit = request.limit === 0 ? found.length : request.limit;
  const shown = found.slice(0, limit);
  const entries: HistoryEntry[] = [];
  const commits = new Map<ConfigRepository, CommitsOfRequests>();
  for (const target of new Set(shown.map(({ place }) => whereOf(place)))) {
    const wanted = shown.filter(({ place }) => whereOf(place) === target);
    const requests = wanted.map(({ place, marked }) => ({ ...place, request: marked.release.request }));
    commits.set(target, await CommitsOfRequests.find(await tipOf(target), requests));
  }
  for (const { place, marked } of shown) {
    const commit = commits.get(whereOf(place))?.of({ ...place, request: marked.release.request });
    entries.push({ ...place, ...marked, commit });
  }
  return { pipeline, entries, more: found.length > limit, notices: [...notices] };
}

interface Found {
  place: Place;
  marked: MarkedRelease;
}

/**
 * The newest of all places. Checking a record with its history takes most of the time of reading it, and nothing in it is
 * newer than what is current: so the places are gone through by that, until nothing newer can come.
 */
async function newestOf(
  places: readonly Place[],
  state: State,
  { filter, limit, all }: HistoryRequest,
  reading: {
    notices: Set<string>;
    older(place: Place, record: ReturnType<State["record"]>): Promise<{ releases: Release[]; complete: boolean }>;
  },
): Promise<Found[]> {
  const told = ({ message }: GluError) => reading.notices.add(message);
  const ordered = places
    .flatMap((place) => {
      const current = ifReadable(() => state.current(place.app, place.environment), told);
      // Without one the history may still have some.
      return current === undefined ? [] : [{ place, newest: current === null ? Infinity : timeOf(current) }];
    })
    .sort((one, other) => other.newest - one.newest);
  const found: Found[] = [];
  const wanted = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  let forgetful = 0;
  for (const { place, newest } of ordered) {
    if (newest < (filter.since ?? Number.NEGATIVE_INFINITY)) break;
    if (found.filter(({ marked }) => timeOf(marked.release) >= newest).length > wanted) break;
    const record = ifReadable(() => state.record(place.app, place.environment), told);
    if (record === undefined) continue;
    let older: Release[] = [];
    const full = record.history.length >= historyLimit;
    if (all && (full || (record.current === null && removalOf(record) === undefined))) {
      const past = await reading.older(place, record);
      older = past.releases;
      if (!past.complete) forgetful += 1;
    } else if (full) forgetful += 1;
    const marked = markReleases(record, older).filter((one) => passesFilter(one, filter));
    found.push(...marked.map((one) => ({ place, marked: one })));
  }
  if (forgetful > 0) reading.notices.add(notTold(forgetful, all));
  return found.sort((one, other) => timeOf(other.marked.release) - timeOf(one.marked.release));
}

function notTold(places: number, all: boolean): string {
  const where = places === 1 ? "of one place" : `of ${places} places`;
  return all
    ? `What was released before is not told ${where}: the history of the branch does not have it, or not as far back as is looked.`
    : `Records hold the last ${historyLimit + 1} releases; what is older ${where} is told with --all.`;
}
