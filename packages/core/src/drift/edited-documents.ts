import { sameFile } from "../edit/same-bytes.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import {
  freezePath,
  pinPath,
  type ReleaseRecord,
  recordPath,
  releases,
  removalKind,
  removalOf,
} from "../model/record.ts";
import type { FileAt, LogEntry } from "../ports/config-repository.ts";
import { readFreeze, readPin, readRecord } from "../records/documents.ts";
import { carriesRequest, parseTrailers, type TrailerBlock } from "../records/trailers.ts";
import { ifReadable } from "../state/if-readable.ts";
import { type CameBy, isProposal, isTimed } from "./by-proposal.ts";
import { heldThen } from "./held-then.ts";
import { type Apart, changedBy, type History } from "./history.ts";
import { isVerdict } from "./is-verdict.ts";
import type { DocumentChange, DriftFinding, HeldBy } from "./options.ts";
import type { ScheduledThen } from "./scheduled-then.ts";
import type { Step } from "./who-changed.ts";

type Files = ReadonlyMap<RepoPath, FileAt>;

/** A document of Glu's, and whose it is. */
export interface GluDocument {
  kind: "record" | "pin" | "freeze";
  path: RepoPath;
  app: AppName | undefined;
  environment: EnvName | undefined;
}

/** The documents that places have, each once. */
export function documentsOf(places: readonly { app: AppName; environment: EnvName }[]): GluDocument[] {
  const all = places.flatMap(({ app, environment }): GluDocument[] => [
    { kind: "record", path: recordPath(app, environment), app, environment },
    { kind: "pin", path: pinPath(app, environment), app, environment },
    { kind: "freeze", path: freezePath(environment), app: undefined, environment },
    { kind: "freeze", path: freezePath("all"), app: undefined, environment: undefined },
  ]);
  return [...new Map(all.map((one) => [one.path, one])).values()];
}

/** What tells whose a change is. */
interface Telling {
  history: History;
  cameBy: CameBy;
  scheduled: ScheduledThen;
}

/** Commits that are looked at one by one. A push has a few; beyond these only the newest are. */
export const mostCommits = 200;

/**
 * Changes of documents by commits that do not carry the request which the document names. Each commit is compared with
 * the one before.
 * @param commits newest first; the last one is what the first change is compared with
 */
export async function editedDocuments(
  documents: readonly GluDocument[],
  commits: readonly LogEntry[],
  telling: Telling,
): Promise<DriftFinding[]> {
  const findings: DriftFinding[] = [];
  if (documents.length === 0) return findings;
  const looked = commits.slice(0, mostCommits + 1);
  for (const [index, entry] of looked.entries()) {
    const before = looked[index + 1];
    if (before === undefined) break;
    findings.push(...(await editedIn({ entry, before }, documents, parseTrailers(entry.message), telling)));
  }
  return findings;
}

/**
 * The same of a push whose commits do not follow the one before it: it is compared as one, with the requests that any
 * of its commits carries, and the newest commit that made a document what it is now is named.
 */
export async function editedAtOnce(
  documents: readonly GluDocument[],
  { tip, before, own, base }: Apart,
  telling: Telling,
): Promise<DriftFinding[]> {
  if (documents.length === 0) return [];
  // It was pushed after what was there, also when its commits are older.
  const committedAt = tip.committedAt > before.committedAt ? tip.committedAt : before.committedAt;
  const blocks = own.flatMap(({ message }) => parseTrailers(message));
  const findings = await editedIn({ entry: { ...tip, committedAt }, before }, documents, blocks, telling);
  const line = [...own.slice(0, mostCommits), ...(base === undefined ? [] : [base])];
  return Promise.all(
    findings.map(async (finding) => {
      const culprit = await lastChange(finding.path as RepoPath, line, telling.history);
      return culprit === undefined ? finding : { ...finding, by: changedBy(culprit) };
    }),
  );
}

/** The newest commit of a line at which a file is not what it was in the commit before. */
async function lastChange(path: RepoPath, line: readonly LogEntry[], history: History): Promise<LogEntry | undefined> {
  for (const [index, entry] of line.entries()) {
    const before = line[index + 1];
    if (before === undefined) return undefined;
    const [now, then] = [await history.at(entry.commit), await history.at(before.commit)];
    await Promise.all([now.load([path]), then.load([path])]);
    if (!sameFile(now.files.get(path), then.files.get(path))) return entry;
  }
  return undefined;
}

/** The documents that one step changes without any of these trailers being theirs. */
async function editedIn(
  { entry, before }: Step,
  documents: readonly GluDocument[],
  blocks: readonly TrailerBlock[],
  { history, cameBy, scheduled }: Telling,
): Promise<DriftFinding[]> {
  const [now, then] = [await history.at(entry.commit), await history.at(before.commit)];
  const paths = documents.map(({ path }) => path);
  await Promise.all([now.load(paths), then.load(paths)]);
  const findings: DriftFinding[] = [];
  for (const document of documents) {
    if (sameFile(now.files.get(document.path), then.files.get(document.path))) continue;
    const { kind, path, app, environment } = document;
    const isRecord = kind === "record" && app !== undefined && environment !== undefined;
    const carried =
      isCarried(document, now.files, blocks) || (await isCarriedBelow(document, now.files, entry, history));
    const [was, is] = isRecord
      ? [then, now].map(({ files }) => ifReadable(() => readRecord(files, app, environment)))
      : [];
    const proposed = is !== undefined && isProposal(is.current);
    // What Glu commits it has decided on that very tip; what somebody merges may have been decided long before.
    if (carried && !proposed) continue;
    if ((isTimed(was, is) || isVerdict(was, is)) && carriesRequest(entry.message)) continue;
    const held = isRecord ? await heldThen(history, { entry, before }, { app, environment }, scheduled) : [];
    const past = proposed ? held.filter((one) => bindsProposal(one, is.current)) : held;
    if (proposed && past.length === 0 && isRecord) {
      const came = await cameBy({ app, environment }, is, carried);
      if (came.past !== undefined) past.push({ kind: "status", hold: came.past });
      else if (came.isMerged) continue;
    }
    findings.push({
      kind: "document",
      document: kind,
      change: changeOf(document, now.files, then.files),
      ...{ app, environment, path, line: undefined },
      by: changedBy(entry),
      past,
    });
  }
  return findings;
}

/**
 * Whether a hold stood in the way of what was proposed: a pin not of what it holds, a freeze not of what goes back, and
 * neither of what its record says that people passed.
 */
function bindsProposal(held: HeldBy, brought: ReleaseRecord["current"]): boolean {
  if (held.kind === "status") return true;
  const gate = held.kind === "pin" ? "pin" : "freeze";
  if (brought?.overrides?.some((one) => one.gate === gate) === true) return false;
  if (held.kind === "pin") return held.hold.artifact !== brought?.artifact.id;
  return brought?.kind !== "rollback";
}

/** Whether one of the trailers is of the request that the document says it was made by, or lifts what is gone. */
function isCarried(
  { kind, path, app, environment }: GluDocument,
  files: Files,
  blocks: readonly TrailerBlock[],
): boolean {
  const scope = environment ?? "all";
  const own = blocks.filter((block) => block.app === (app ?? "all") && block.environment === scope);
  // No command removes a record.
  if (!files.has(path)) {
    const lifts = [`un${kind}`, ...(kind === "pin" ? [removalKind] : [])];
    return kind !== "record" && own.some((block) => lifts.includes(block.kind));
  }
  const request = requestIn({ kind, path, app, environment }, files);
  // A rollback pins what it goes back to.
  const kinds = (block: TrailerBlock) =>
    kind === "record"
      ? !/^(?:un)?(?:pin|freeze)$/.test(block.kind)
      : block.kind === kind || (kind === "pin" && block.kind === "rollback");
  return request !== undefined && own.some((block) => kinds(block) && block.request === request);
}

/** Whether a merge brings it with a commit that carries it: forges say nothing of that in theirs. */
async function isCarriedBelow(
  document: GluDocument,
  files: Files,
  { merged }: LogEntry,
  history: History,
): Promise<boolean> {
  for (const commit of merged) {
    const message = await history.messageOf(commit);
    if (message !== undefined && isCarried(document, files, parseTrailers(message))) return true;
  }
  return false;
}

/** The request that a document names; undefined of one that cannot be read. */
function requestIn({ kind, app, environment }: GluDocument, files: Files): string | undefined {
  return ifReadable(() => {
    if (kind === "freeze") return readFreeze(files, environment ?? "all")?.request;
    if (app === undefined || environment === undefined) return undefined;
    if (kind === "pin") return readPin(files, app, environment)?.request;
    const record = readRecord(files, app, environment);
    return record.current?.request ?? removalOf(record)?.request;
  });
}

function changeOf(document: GluDocument, now: Files, then: Files): DocumentChange {
  const { kind, path, app, environment } = document;
  if (!then.has(path)) return "added";
  if (!now.has(path)) return "removed";
  if (kind === "record" && app !== undefined && environment !== undefined) {
    const [after, before] = [now, then].map((files) => ifReadable(() => readRecord(files, app, environment)));
    if (after !== undefined && before !== undefined && wentBack(before, after)) return "restored";
  }
  return "changed";
}

/** Whether a record says what it said before its newest releases: they were taken back, and nothing was put there. */
function wentBack(before: ReleaseRecord, after: ReleaseRecord): boolean {
  const [was, is] = [releases(before).map(textOf), releases(after).map(textOf)];
  for (let back = 1; back <= was.length; back++) {
    const left = was.slice(back);
    // A bounded history gets its oldest entries back.
    if (left.length > 0 && left.length <= is.length && left.every((one, at) => one === is[at])) return true;
  }
  return false;
}

const textOf = (value: unknown): string => JSON.stringify(value);
