import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import {
  before,
  type Freeze,
  freezePath,
  type Pin,
  pinPath,
  type Release,
  type ReleaseRecord,
  recordPath,
} from "../model/record.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { documentPaths, readCurrent, readFreeze, readPin, readRecord } from "../records/documents.ts";

/** What the config repository says at one tip, for the apps and environments in question. */
export interface State {
  record(app: AppName, environment: EnvName): ReleaseRecord;
  /** What the record says of now; its history is not looked at. */
  current(app: AppName, environment: EnvName): Release | null;
  pin(app: AppName, environment: EnvName): Pin | undefined;
  /** Freezes that name the environment, or `all`. */
  freezes(environment: EnvName): readonly Freeze[];
}

/** The paths that {@link stateOf} needs for an app in an environment. */
export function statePaths(app: AppName, environment: EnvName): RepoPath[] {
  const paths = [recordPath(app, environment), pinPath(app, environment), freezePath(environment), freezePath("all")];
  return documentPaths(paths);
}

/**
 * The state as it was before a request released anything. What the same run has just done elsewhere, or an earlier
 * attempt of it, is nothing that its own decisions may stand on.
 */
export function stateBefore(state: State, request: string): State {
  const record: State["record"] = (app, environment) => before(state.record(app, environment), request);
  return { ...state, record, current: (app, environment) => record(app, environment).current };
}

type Files = ReadonlyMap<RepoPath, FileAt>;

/**
 * Parsed records that are kept, those asked for last: an app's in some environments. Several gates ask for one, which is
 * parsed once for them; but with a full history it takes a quarter of a megabyte, and nobody needs those of all apps.
 */
const keptRecords = 20;

/**
 * The state as the files say. `filesOf` gives the files of the repository that an environment lives in: environments
 * may live in different ones. A freeze of `all` lies in the config repository and holds them, too.
 */
export function stateOf(filesOf: (environment: EnvName) => Files, configFiles: Files): State {
  const records = new Map<string, ReleaseRecord>();
  return {
    record: (app, environment) => {
      const key = `${app}\0${environment}`;
      const record = records.get(key) ?? readRecord(filesOf(environment), app, environment);
      records.delete(key);
      records.set(key, record);
      const [oldest = key] = records.keys();
      if (records.size > keptRecords) records.delete(oldest);
      return record;
    },
    current: (app, environment) =>
      (records.get(`${app}\0${environment}`) ?? { current: readCurrent(filesOf(environment), app, environment) })
        .current,
    pin: (app, environment) => readPin(filesOf(environment), app, environment),
    freezes: (environment) => {
      const own = filesOf(environment);
      const everything = [...new Set([own, configFiles])].map((files) => readFreeze(files, "all"));
      return [readFreeze(own, environment), ...everything].filter((freeze) => freeze !== undefined);
    },
  };
}
