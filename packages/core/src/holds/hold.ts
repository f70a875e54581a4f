import { UserError } from "../errors.ts";
import { instant, type RepoPath, type RequestId, type Sha, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Actor, Freeze, Pin } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository, FileAt, Identity } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import type { LoadPipeline } from "../promote/options.ts";
import { documentPaths, encodeDocument } from "../records/documents.ts";
import { commitMessage, oneLine, type TrailerBlock } from "../records/trailers.ts";
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
  /** Author of the commit; default: as the repository is configured. */
  author?: Identity | undefined;
  /** The id was given by whoever asks, so it may have been used before: it is looked for in history. */
  repeatable?: boolean;
}

/** `changed`: a commit was made. `unchanged`: it was so already. `documents`: those that were written. */
export type HoldResult<Document> =
  | { result: "changed"; commit: Sha; documents: readonly Document[]; ended: readonly Document[] }
  | { result: "unchanged"; commit: undefined; documents: readonly Document[]; ended: readonly Document[] };

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

/** One pin or freeze that is written, or removed where there is no document. */
export interface HoldChange<Document> {
  path: RepoPath;
  document: Document | undefined;
  trailer: TrailerBlock;
  /** What it holds, in words: `web in production`. */
  name: string;
  /** What is removed had ended before. */
  ended?: Document;
}

/**
 * Documents written, or removed, as one commit; nothing when all stand so already. A request that was carried out before
 * is not carried out again: the answer is its commit.
 */
export async function writeDocuments<Document extends Pin | Freeze>(
  ports: HoldPorts,
  target: ConfigRepository,
  { reads, request, what }: { reads: readonly RepoPath[]; request: HoldRequest; what: string },
  decide: (files: ReadonlyMap<RepoPath, FileAt>) => readonly HoldChange<Document>[],
): Promise<HoldResult<Document>> {
  return transact<HoldResult<Document>>({ repository: target, clock: ports.clock }, async (tip, { unclear }) => {
    const changes = decide(await tip.read(documentPaths(reads)));
    const [first] = changes;
    const look = first !== undefined && (unclear || request.repeatable === true);
    const earlier = look ? (await findRequest(tip, first.trailer))?.commit : undefined;
    if (earlier !== undefined) {
      return { commit: undefined, done: () => ({ result: "changed", commit: earlier, documents: [], ended: [] }) };
    }
    if (first === undefined) {
      return {
        commit: undefined,
        done: () => ({ result: "unchanged", commit: undefined, documents: [], ended: [] }),
      };
    }
    const names = changes.map(({ name }) => name);
    const isMany = changes.length > 1;
    const message = commitMessage(
      `${what} ${isMany ? `${changes.length} apps in ${first.trailer.environment}` : first.name}`,
      isMany ? names : [],
      changes.map(({ trailer }) => trailer),
    );
    const written = changes.map(({ path, document }) => {
      return { path, content: document === undefined ? undefined : encodeDocument(document) };
    });
    const documents = changes.flatMap(({ document }) => document ?? []);
    const ended = changes.flatMap((change) => change.ended ?? []);
    return {
      commit: { message, changes: written, ...(request.author === undefined ? {} : { author: request.author }) },
      done: (commit) => ({ result: "changed", commit: commit as Sha, documents, ended }),
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
  const unchanged = { result: "unchanged", commit: undefined, documents: [], ended: [] } as const;
  return results.find(({ result }) => result === "changed") ?? results[0] ?? unchanged;
}
