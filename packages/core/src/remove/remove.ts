import { assertWritable } from "../edit/writable.ts";
import { RefusedError, UserError } from "../errors.ts";
import { type RepoPath, type Sha, timestamp } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import {
  freezePath,
  pinPath,
  type Release,
  type ReleaseRecord,
  type Removal,
  recordPath,
  releases,
  removalKind,
  removalOf,
  withRemoval,
} from "../model/record.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { Bytes, Change, ConfigRepository, FileAt, Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import type { PromotePorts } from "../promote/options.ts";
import { quietLabel, versionLabel } from "../promote/release.ts";
import { documentPaths, encodeDocument, readCurrent, readFreeze, readPin, readRecord } from "../records/documents.ts";
import { commitMessage, oneLine } from "../records/trailers.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Place } from "../state/tips.ts";
import { type Attempt, transact } from "../transact.ts";
import { assertRemovable } from "./in-the-way.ts";
import { beforeAll, madeByReleases, wroteInto } from "./made-by-releases.ts";
import type { RemoveRequest, RemoveResult } from "./options.ts";
import { placeInWords } from "./place-in-words.ts";
import { type UndoOptions, undoWrites } from "./undo-writes.ts";
import { writtenThere } from "./written-there.ts";

/**
 * Takes an app out of an environment, as one commit: what was written for it is undone, its pin is lifted, and its record
 * says so. What the record remembers stays: the history, and what is rejected there.
 * @throws UserError `remove/nothing`, `config/unknown-app`; RefusedError `remove/…`, `edit/…`
 */
export async function remove(request: RemoveRequest, ports: PromotePorts): Promise<RemoveResult> {
  const configTip = await ports.repository.open();
  const pipeline = await ports.loadPipeline(configTip);
  const declared = pipeline.environments.get(request.environment);
  const target = declared === undefined ? ports.repository : ports.repositoryOf(declared);
  const reason = request.reason === undefined ? undefined : oneLine(request.reason, "The reason");
  if (request.override.length > 0 && (reason ?? "") === "") {
    throw new UserError("input/reason-missing", "An override needs a reason.", { fix: "Give one with --reason." });
  }
  const { clock, logger } = ports;
  return transact({ repository: target, clock, logger }, async (tip, { unclear }) => {
    // Whether it would come back is decided by the config as it is now.
    const current = target === ports.repository ? tip : await ports.repository.open();
    const here = { target, tip, pipeline: await ports.loadPipeline(current), configTip: current };
    return attempt({ ...request, ...(reason === undefined ? {} : { reason }) }, here, { ports, unclear });
  });
}

interface Here {
  target: ConfigRepository;
  tip: Snapshot;
  pipeline: Pipeline;
  configTip: Snapshot;
}

async function attempt(
  request: RemoveRequest,
  here: Here,
  { ports, unclear }: { ports: PromotePorts; unclear: boolean },
): Promise<Attempt<RemoveResult>> {
  const { tip, pipeline, configTip } = here;
  const { app, environment } = request;
  const paths = [recordPath(app, environment), pinPath(app, environment), freezePath(environment), freezePath("all")];
  const files = await tip.read(documentPaths(paths));
  const record = readRecord(files, app, environment);
  const earlier = await doneBefore(request, record, tip, unclear);
  if (earlier !== undefined) return nothingToWrite(earlier);
  const { current: release } = record;
  if (release === null) return nothingToWrite(unchanged(request, record, pipeline));
  const pin = readPin(files, app, environment);
  const config = configTip === tip ? files : await configTip.read(documentPaths([freezePath("all")]));
  const freezes = [readFreeze(files, environment), readFreeze(files, "all"), readFreeze(config, "all")];
  const standing = {
    app: pipeline.apps.get(app),
    environment: pipeline.environments.get(environment),
    pin,
    freezes: freezes.filter((one) => one !== undefined),
  };
  const now = ports.clock.now();
  await assertRemovable(request, standing, { pipeline, outside: ports.outside, now });
  const { values, changes, executable } = await undo(request, record, here, ports);
  const done = { repeated: false, release, values, changes };
  if (request.plan) return nothingToWrite({ ...done, result: "planned", commit: undefined });
  const { reason, actor } = request;
  const by = { request: request.request, actor, ...(reason === undefined ? {} : { reason }), at: timestamp(now) };
  const documents: Change[] = [
    { path: recordPath(app, environment), content: encodeDocument(withRemoval(record, by)) },
    ...(pin === undefined ? [] : [{ path: pinPath(app, environment), content: undefined }]),
  ];
  const edited = changes.map(({ path, after }): Change => {
    return { path: path as RepoPath, content: after, executable: executable.has(path) };
  });
  return {
    commit: {
      message: messageOf(request, release, by),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: [...edited, ...documents],
    },
    done: (commit) => ({ ...done, result: "removed", commit }),
  };
}

const nothingToWrite = (result: RemoveResult): Attempt<RemoveResult> => ({ commit: undefined, done: () => result });

/** The same request does it once, also when the app has come back since. */
async function doneBefore(
  { request, app, environment, repeatable }: RemoveRequest,
  record: ReleaseRecord,
  tip: Snapshot,
  unclear: boolean,
): Promise<RemoveResult | undefined> {
  const release = releases(record).find(({ removed }) => removed?.request === request);
  if (release === undefined && !unclear && !repeatable) return undefined;
  const found = await findRequest(tip, { request, app, environment });
  if (release === undefined && found === undefined) return undefined;
  if (release === undefined && found?.kind !== removalKind) {
    throw new RefusedError("request/reused", `The request ${request} has done something else before.`, {
      seen: request,
      fix: "Give another --request-id, or none.",
    });
  }
  return { result: "removed", commit: found?.commit, repeated: true, release, values: [], changes: [] };
}

function unchanged(request: RemoveRequest, record: ReleaseRecord, pipeline: Pipeline): RemoveResult {
  if (removalOf(record) !== undefined) {
    const [release] = record.history;
    return { result: "unchanged", commit: undefined, repeated: false, release, values: [], changes: [] };
  }
  const { app, environment } = request;
  if (!pipeline.apps.has(app)) throw unknownName("app", app, pipeline.apps.keys(), pipeline.file);
  if (!pipeline.environments.has(environment)) {
    throw unknownName("environment", environment, pipeline.environments.keys(), pipeline.file);
  }
  throw new UserError("remove/nothing", `Nothing is released of ${placeInWords(request)}.`, {
    seen: placeInWords(request),
    fix: "'glu status' shows what runs where. What Glu did not write it does not take out.",
  });
}

async function undo(request: RemoveRequest, record: ReleaseRecord, here: Here, ports: PromotePorts) {
  const { tip } = here;
  const written = await writtenThere(request, record, tip);
  const paths = [...new Set(written.map(({ path }) => path))];
  // A record is a file like any other: what it says is no leave to change what Glu does not write.
  for (const path of paths) assertWritable(path, here.pipeline.file);
  const files = await tip.read(paths);
  const now = contents(files);
  assertUntouched(request, record, now, ports);
  const commits = [...new Set(written.flatMap(({ before }) => before ?? []))];
  const then = new Map<Sha, ReadonlyMap<RepoPath, Bytes>>();
  for (const commit of commits) then.set(commit, contents(await (await tip.at(commit)).read(paths)));
  const others = await othersWriting(request, here, ports);
  const options: UndoOptions = {
    now,
    at: (commit, path) => then.get(commit)?.get(path),
    editors: ports.editors,
    alsoBy: ({ path, selector }) => others.find((one) => one.places.has(`${path}\0${selector}`))?.name,
    whole: new Set(request.files ? paths.filter((path) => !others.some((one) => one.paths.has(path))) : []),
    made: new Set(),
  };
  let undone = undoWrites(written, options);
  if (undone.kind === "undone" && undone.empty.size + undone.hollow.length > 0) {
    const { empty, hollow } = undone;
    const left = new Set([...empty, ...hollow.map(({ path }) => path)]);
    const wrote = await wroteInto(left, tip, here.pipeline);
    const made = await madeByReleases(empty, wrote, tip);
    undone = undoWrites(written, { ...options, made, earlier: await beforeAll(hollow, wrote, tip) });
  }
  const executable = new Set<string>([...files].flatMap(([path, file]) => (file.executable ? [path] : [])));
  if (undone.kind === "undone") return { ...undone, executable };
  const { code, message, path, line, fix } = undone;
  throw new RefusedError(code, message, {
    at: { file: path, ...(line === undefined ? {} : { line }) },
    ...(fix === undefined ? {} : { fix }),
  });
}

function contents(files: ReadonlyMap<RepoPath, FileAt>): Map<RepoPath, Bytes> {
  return new Map(
    [...files].flatMap(([path, { kind, content }]) => (kind === "file" ? [[path, content] as const] : [])),
  );
}

/** What somebody changed by hand since is not undone without being asked for. */
function assertUntouched(
  { overwrite }: RemoveRequest,
  { current }: ReleaseRecord,
  now: ReadonlyMap<RepoPath, Bytes>,
  { editors }: PromotePorts,
): void {
  if (overwrite) return;
  for (const { path, selector, value, editor: kind } of current?.writes ?? []) {
    const [file, editor] = [now.get(path as RepoPath), editors.find((one) => one.kind === kind)];
    const found = file && editor?.read(file, selector);
    if (file === undefined || editor === undefined || found === undefined || found === value) continue;
    throw new RefusedError("remove/changed-by-hand", `${selector} in ${path} was changed by hand to ${found}.`, {
      seen: found,
      at: { file: path },
      fix: "Give --overwrite to undo it all the same, or put back what was released.",
    });
  }
}

interface Other {
  name: string;
  places: ReadonlySet<string>;
  paths: ReadonlySet<string>;
}

/** What runs in other places of the same repository, and where it writes. */
async function othersWriting(own: Place, { target, tip, pipeline }: Here, ports: PromotePorts): Promise<Other[]> {
  const places = [...pipeline.apps.values()].flatMap(({ name: app, environments }) =>
    environments.flatMap((environment): Place[] => {
      const declared = pipeline.environments.get(environment);
      const isHere = declared !== undefined && ports.repositoryOf(declared) === target;
      return isHere && (app !== own.app || environment !== own.environment) ? [{ app, environment }] : [];
    }),
  );
  const files = await tip.read(documentPaths(places.map(({ app, environment }) => recordPath(app, environment))));
  return places.flatMap((place): Other[] => {
    const current = ifReadable(() => readCurrent(files, place.app, place.environment));
    if (!current) return [];
    const { writes } = current;
    return [
      {
        name: placeInWords(place),
        places: new Set(writes.map(({ path, selector }) => `${path}\0${selector}`)),
        paths: new Set(writes.map(({ path }) => path)),
      },
    ];
  });
}

function messageOf(request: RemoveRequest, release: Release, by: Removal): string {
  const { app, environment } = request;
  const version = quietLabel(versionLabel(release.artifact));
  return commitMessage(
    `Remove ${app} from ${environment}`,
    [`${app} in ${environment}: nothing (was ${version})`],
    [
      {
        request: by.request,
        app,
        environment,
        artifact: release.artifact.id,
        kind: removalKind,
        ...(by.reason === undefined ? {} : { reason: by.reason }),
        actor: by.actor.name,
      },
    ],
  );
}
