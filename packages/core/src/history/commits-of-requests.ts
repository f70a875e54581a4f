import type { Sha } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";

type Asked = Pick<TrailerBlock, "request" | "app" | "environment">;

const keyOf = ({ request, app, environment }: Asked): string => `${request} ${app} ${environment}`;

/** Commits that are looked through, in growing steps: most of what is shown is among the newest. */
const steps = [50, 500, 5000];

/** The commits that carried requests, as far as the history of a branch tells them. */
export class CommitsOfRequests {
  readonly #commits: ReadonlyMap<string, Sha>;

  private constructor(commits: ReadonlyMap<string, Sha>) {
    this.#commits = commits;
  }

  static async find(tip: Pick<Snapshot, "log">, asked: readonly Asked[]): Promise<CommitsOfRequests> {
    const wanted = new Set(asked.map(keyOf));
    const found = new Map<string, Sha>();
    for (const limit of steps) {
      if (found.size === wanted.size) break;
      const entries = await tip.log(limit);
      for (const { commit, message } of entries) {
        for (const block of parseTrailers(message)) {
          const key = keyOf(block);
          // A squash merge may carry it again; the oldest is the one that made it.
          if (wanted.has(key)) found.set(key, commit);
        }
      }
      if (entries.length < limit) break;
    }
    return new CommitsOfRequests(found);
  }

  of(asked: Asked): Sha | undefined {
    return this.#commits.get(keyOf(asked));
  }
}
