import { UserError } from "../errors.ts";
import { instant, type RepoPath, type RequestId, type Sha, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Actor, Freeze, Pin } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository, FileAt } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import type { LoadPipeline } from "../promote/options.ts";
import { documentPaths, encodeDocument } from "../records/documents.ts";
import { oneLine, parseTrailers } from "../records/trailers.ts";
import { transact } from "../transact.ts";

export interface HoldPorts {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  repositoryOf(environment: Environment): ConfigRepository;
  clock: Clock;
}

export interface HoldRequest {
  reason: string | undefined;
  actor: Actor;
  request: RequestId;
  /** The id was given by whoever asks, so it may have been used before: it is looked for in history. */
  repeatable?: boolean;
}

/** `changed`: a commit was made. `unchanged`: it was so already. */
export type HoldResult<Document> =
  | { result: "changed"; commit: Sha; document: Document | undefined }
  | { result: "unchanged"; commit: undefined; document: Document | undefined };

/** The reason, which every hold needs: people who meet it later must be able to judge it. */
export function reasonOf(request: HoldRequest, what: string): string {
  const reason = oneLine(request.reason ?? "", "The reason");
  if (reason !== "") return reason;
  throw new UserError("input/reason-missing", `${what} needs a reason.`, { fix: "Give one with --reason." });
}

export function untilOf(until: string | undefined, now: number): { until?: string } {
  if (until === undefined) return {};
  const at = instant(until);
  if (at > now) return { until: timestamp(at) };
  throw new UserError("input/until-past", `${until} has passed.`, {
    seen: until,
    fix: "Give a time in the future, or none.",
  });
}

/**
 * One document written, or removed, as one commit; nothing when it stands so already. A request that was carried out
 * before is not carried out again: the answer is its commit.
 */
export async function writeDocument<Document extends Pin | Freeze>(
  ports: HoldPorts,
  target: ConfigRepository,
  path: RepoPath,
  reads: readonly RepoPath[],
  request: HoldRequest,
  decide: (files: ReadonlyMap<RepoPath, FileAt>) => { document: Document | undefined; message: string } | "unchanged",
): Promise<HoldResult<Document>> {
  return transact<HoldResult<Document>>({ repository: target, clock: ports.clock }, async (tip, { unclear }) => {
    const decided = decide(await tip.read(documentPaths(reads)));
    const [block] = decided === "unchanged" ? [] : parseTrailers(decided.message);
    const look = block !== undefined && (unclear || request.repeatable === true);
    const earlier = look ? (await findRequest(tip, block))?.commit : undefined;
    if (earlier !== undefined) {
      return { commit: undefined, done: () => ({ result: "changed", commit: earlier, document: undefined }) };
    }
    if (decided === "unchanged") {
      return { commit: undefined, done: () => ({ result: "unchanged", commit: undefined, document: undefined }) };
    }
    const { document, message } = decided;
    return {
      commit: { message, changes: [{ path, content: document === undefined ? undefined : encodeDocument(document) }] },
      done: (commit) => ({ result: "changed", commit: commit as Sha, document }),
    };
  });
}

/** The same in several repositories, one after the other: a run that ended halfway is finished by the next. */
export async function writeInEach<Document>(
  targets: readonly ConfigRepository[],
  write: (target: ConfigRepository) => Promise<HoldResult<Document>>,
): Promise<HoldResult<Document>> {
  const results: HoldResult<Document>[] = [];
  for (const target of targets) results.push(await write(target));
  const unchanged = { result: "unchanged", commit: undefined, document: undefined } as const;
  return results.find(({ result }) => result === "changed") ?? results[0] ?? unchanged;
}
