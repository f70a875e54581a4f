import { type GithubAnswer, refused } from "./answers.ts";

/**
 * What GitHub lets one ask beside the limits of the hour, for each token: so many requests at the same time, so many
 * points in a minute, and so much content that is made in it
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits). Those of a
 * minute are there when a test asks for them: most make more in a second than anybody does in an hour.
 */
export class GithubSecondaryLimits {
  atOnce = 100;
  /** In {@link window}: a request that reads is one, one that changes something five. */
  points = { rest: Number.POSITIVE_INFINITY, graphql: Number.POSITIVE_INFINITY };
  /** In {@link window}: requests that make something. */
  content = Number.POSITIVE_INFINITY;
  /** Milliseconds. */
  window = 60_000;
  /** Milliseconds since the epoch. */
  now = (): number => Date.now();
  /** Whether it says when to come back. GitHub does not always. */
  saysWhen = true;
  /** Requests that were refused. */
  refused = 0;
  readonly #by = new Map<string, { now: number; asked: Asked[] }>();

  /** As many in a minute as GitHub says. */
  asDocumented(): void {
    this.points = { rest: 900, graphql: 2000 };
    this.content = 80;
  }

  /** What a request is refused with; undefined: it is counted, until the function that comes with it is called. */
  enter(authorization: string, request: { method: string; path: string; isMutation: boolean }): Entered {
    const seen = this.#by.get(authorization) ?? { now: 0, asked: [] };
    this.#by.set(authorization, seen);
    const since = this.now() - this.window;
    seen.asked = seen.asked.filter(({ at }) => at > since);
    const isGraphql = request.path === "/graphql";
    const changes = isGraphql ? request.isMutation : request.method !== "GET";
    const own: Asked = { at: this.now(), kind: isGraphql ? "graphql" : "rest", points: changes ? 5 : 1, changes };
    const points = seen.asked.filter(({ kind }) => kind === own.kind).reduce((sum, one) => sum + one.points, 0);
    const made = seen.asked.filter((one) => one.changes).length;
    const isOver =
      seen.now >= this.atOnce || points + own.points > this.points[own.kind] || (changes && made >= this.content);
    if (isOver) {
      this.refused += 1;
      const [first] = seen.asked.filter((one) => one.kind === own.kind || one.changes === own.changes);
      const left = Math.max(1, Math.ceil(((first?.at ?? since) - since) / 1000));
      const headers = this.saysWhen ? { "retry-after": String(left) } : {};
      return { refusal: { ...refused(403, tooMuch), headers }, leave: () => {} };
    }
    seen.now += 1;
    seen.asked.push(own);
    const leave = () => {
      seen.now -= 1;
    };
    return { refusal: undefined, leave };
  }
}

interface Asked {
  /** Milliseconds since the epoch. */
  at: number;
  kind: "rest" | "graphql";
  points: number;
  changes: boolean;
}

interface Entered {
  refusal: GithubAnswer | undefined;
  leave(): void;
}

const tooMuch =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.";
