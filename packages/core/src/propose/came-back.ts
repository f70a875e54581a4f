import type { AppName, EnvName } from "../model/names.ts";
import { recordPath } from "../model/record.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import type { Proposal } from "../ports/proposals.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";

/** Commits of the branch that are looked at since a merge, and of these how many are read. */
const [looked, read] = [100, 20];
/** Milliseconds by which the forge's word of a merge and the time of its commit may differ. */
const slack = 60_000;

/**
 * Whether what a proposal brought was undone after its merge, and brought back: it did not run in between. Nobody says
 * when it came back; who looks soon after sees it. What was not seen among the newest commits is not looked for.
 */
export async function cameBack(
  tip: Snapshot,
  { app, environment, request }: { app: AppName; environment: EnvName; request: string },
  { head, mergedAt }: Pick<Proposal, "head" | "mergedAt">,
): Promise<boolean> {
  // Nothing has come since.
  if (mergedAt !== undefined && Date.parse(tip.committedAt) <= Date.parse(mergedAt)) return false;
  // One request may have proposed several apps, each merged at a time of its own.
  const isIt = (one: TrailerBlock) => one.request === request && one.app === app && one.environment === environment;
  const isMerge = ({ commit, merged, message }: LogEntry) =>
    [commit, ...merged].some((one) => one === head) || parseTrailers(message).some(isIt);
  const log = await tip.log(looked);
  const at = log.findLastIndex(isMerge);
  const since = at >= 0 ? log.slice(0, at) : log.filter(isAfter(mergedAt));
  const touches = ({ message }: LogEntry) => {
    const own = parseTrailers(message);
    return own.length === 0 || own.some((one) => one.app === app && one.environment === environment);
  };
  // What brought it back is newer than what took it away.
  const [, ...suspects] = since.filter(touches);
  const path = recordPath(app, environment);
  for (const { commit } of suspects.slice(0, read)) {
    const file = (await (await tip.at(commit)).read([path])).get(path);
    if (file === undefined || requestIn(file.content) !== request) return true;
  }
  return false;
}

const isAfter =
  (mergedAt: string | undefined) =>
  ({ committedAt }: LogEntry): boolean =>
    mergedAt !== undefined && Date.parse(committedAt) > Date.parse(mergedAt) + slack;

/** Of which release a record is; undefined for what is none. */
function requestIn(content: Uint8Array): unknown {
  try {
    const record = JSON.parse(new TextDecoder().decode(content)) as { current?: { request?: unknown } | null } | null;
    return record?.current?.request;
  } catch {
    return undefined;
  }
}
