import { createHash } from "node:crypto";
import { type ApiCalls, type ApiLimit, type ApiUse, type Clock, OutsideError } from "@glu/core";
import { limitsOf } from "./limits.ts";

/** Of what a server lets one ask, so much is kept for finishing what was begun: two in a hundred, and at most fifty. */
export const reserveOf = ({ limit }: Pick<ApiLimit, "limit">): number => Math.min(50, Math.floor(limit / 50));

/** How many calls that change something are made one right after the other; more are a second apart. */
const quickWrites = 10;
const betweenWrites = 1000;

/** What is known of one identity on one server beside what is told. */
interface Turns {
  writes: number;
  /** When the last change was answered. */
  last: number;
  /** Ends when the change before has ended. */
  turn: Promise<unknown>;
}

const turns = new WeakMap<ApiUse, Turns>();

/** Who asks whom, without a token in it. */
export function identityOf(headers: Readonly<Record<string, string>>): string {
  const { authorization = "", "private-token": access = "", "job-token": job = "" } = headers;
  return createHash("sha256").update(`${authorization}\0${access}\0${job}`).digest("hex");
}

/** What this identity asked of this server so far. */
export function useOf(calls: ApiCalls, apiUrl: string, identity: string): ApiUse {
  const server = new URL(apiUrl).host;
  const key = `${server} ${identity}`;
  const known = calls.uses.get(key);
  if (known !== undefined) return known;
  const use: ApiUse = { server, calls: 0, unchanged: 0, limits: [], stopped: undefined };
  calls.uses.set(key, use);
  return use;
}

/** GitHub's own words for what it counts apart. */
const githubs = new Set(["core", "graphql", "search"]);

/**
 * Which of a server's limits a call counts against. GitHub's follow from the path. Other servers name theirs as they like
 * (GitLab: `throttle_authenticated_api`), so of those the one that is nearest to its end counts.
 */
function limitFor({ limits }: ApiUse, path: string): ApiLimit | undefined {
  const kind = /^\/graphql$/.test(path) ? "graphql" : /^\/search\//.test(path) ? "search" : "core";
  const found = limits.find(({ resource }) => resource === kind);
  if (found !== undefined || limits.some(({ resource }) => githubs.has(resource))) return found;
  const left = ({ remaining, limit }: ApiLimit) => remaining / Math.max(1, limit);
  return limits.reduce<ApiLimit | undefined>(
    (least, one) => (least && left(least) <= left(one) ? least : one),
    undefined,
  );
}

/**
 * Lets a call be made, or ends the run's asking before the limit is exhausted. Reading ends at the reserve, changing
 * and what finishes a change when nothing is left. What is given anew within the longest wait is waited for.
 * @throws OutsideError `forge/budget-exhausted`
 */
export async function spend(
  use: ApiUse,
  call: { path: string; reads: boolean },
  { clock, longest }: { clock: Clock; longest: number },
): Promise<void> {
  const limit = limitFor(use, call.path);
  const now = clock.now();
  if (limit !== undefined && limit.resetsAt > now) {
    const wait = limit.resetsAt - now;
    const isShort = wait <= longest;
    const least = call.reads && !isShort ? reserveOf(limit) : 0;
    if (limit.remaining <= least) {
      if (!isShort) throw exhausted(use, limit);
      await clock.sleep(wait);
      forget(use, limit.resource);
    }
    limit.remaining = Math.max(0, limit.remaining - 1);
  }
  use.calls += 1;
}

/**
 * Before something is begun that takes more calls: there is more left than the reserve, of which it could be finished.
 * @throws OutsideError `forge/budget-exhausted`
 */
export function refuseToBegin(use: ApiUse, path: string, { clock, longest }: { clock: Clock; longest: number }): void {
  const limit = limitFor(use, path);
  if (limit === undefined || limit.resetsAt - clock.now() <= longest) return;
  if (limit.remaining <= reserveOf(limit)) throw exhausted(use, limit);
}

function forget(use: ApiUse, resource: string): void {
  use.limits = use.limits.filter((one) => one.resource !== resource);
}

/** Learns of an answer what is left. Answers come in another order than their questions were asked: the least counts. */
export function learn(use: ApiUse, status: number, headers: Headers): void {
  if (status === 304) use.unchanged += 1;
  for (const limit of limitsOf(headers)) {
    const known = use.limits.find(({ resource }) => resource === limit.resource);
    const isSame = known !== undefined && known.resetsAt === limit.resetsAt && status !== 304;
    if (isSame && known.remaining < limit.remaining) continue;
    use.limits = known === undefined ? [...use.limits, limit] : use.limits.map((one) => (one === known ? limit : one));
  }
}

/**
 * Changes to GitHub are made one after the other and, where they are many, a second apart, as it asks for
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests).
 */
export async function inTurn<T>(use: ApiUse, clock: Clock, change: () => Promise<T>): Promise<T> {
  const own = turns.get(use) ?? { writes: 0, last: 0, turn: Promise.resolve() };
  turns.set(use, own);
  const before = own.turn;
  const made = (async () => {
    await before;
    own.writes += 1;
    const wait = own.last + betweenWrites - clock.now();
    if (own.writes > quickWrites && wait > 0) await clock.sleep(wait);
    try {
      return await change();
    } finally {
      own.last = clock.now();
    }
  })();
  // Whether it failed is the caller's.
  own.turn = made.catch(() => undefined);
  return made;
}

/** A time to come, such as `2026-11-28 09:00 UTC`: the next full minute, since told too early it would be tried in vain. */
export function minuteOf(at: number): string {
  const until = new Date(Math.ceil(at / 60_000) * 60_000).toISOString();
  return `${until.slice(0, 10)} ${until.slice(11, 16)} UTC`;
}

/** The error of a run that asks no further. */
export function exhausted(use: ApiUse, { resource, limit, remaining, resetsAt }: ApiLimit): OutsideError {
  const time = minuteOf(resetsAt);
  const number = (one: number): string => one.toLocaleString("en-US");
  const kind = resource === "core" ? "" : ` (${resource})`;
  use.stopped = `${use.server}: ${number(remaining)} of ${number(limit)} calls${kind} are left until ${time}`;
  return new OutsideError(
    "forge/budget-exhausted",
    `${use.server} lets this token make ${number(limit)} calls${kind}, of which ${number(remaining)} are left until ${time}. ` +
      `This run made ${number(use.calls)} and makes no more.`,
    {
      seen: { resource, limit, remaining, resetsAt: new Date(resetsAt).toISOString(), calls: use.calls },
      fix: `Run again after ${time}: what is done stays done, and the rest is done then. See docs/limits.md for larger limits and fewer calls.`,
    },
  );
}
