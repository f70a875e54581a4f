import type { GluError } from "../errors.ts";
import type { Timestamp } from "../model/names.ts";
import type { CommitStatus } from "../ports/statuses.ts";
import type { Marking } from "../promote/options.ts";

/** What commits are marked with, in memory. */
export class MemoryStatuses implements Marking {
  readonly set: { commit: string; status: CommitStatus; time: number }[] = [];
  /** Its clock. */
  now: () => number = () => 0;
  /** Every mark fails with this. */
  failure: GluError | undefined;
  /** Runs before a mark is set. */
  before: (status: CommitStatus) => Promise<void> = async () => {};

  of() {
    return {
      set: async (commit: string, status: CommitStatus) => {
        await this.before(status);
        if (this.failure !== undefined) throw this.failure;
        this.set.push({ commit, status, time: this.now() });
      },
      read: async (commit: string, context: string, at?: Timestamp) => {
        if (this.failure !== undefined) throw this.failure;
        return this.at(commit, context, at === undefined ? undefined : Date.parse(at));
      },
    };
  }

  page(_repository: unknown, path: string) {
    return `https://forge.test/blob/main/${path}`;
  }

  /** The one that counts, or that did at a time. */
  at(commit: string | undefined, context: string, until = Number.POSITIVE_INFINITY): CommitStatus | undefined {
    return this.set.findLast((one) => one.commit === commit && one.status.context === context && one.time <= until)
      ?.status;
  }
}
