import { type Approvals, type Checks, type CommitCheck, type ReviewVerdict, timestamp } from "@glu/core";

/** How a check of a simulated commit stands. */
export type ScriptedCheck = CommitCheck["state"];

/** On which commits a check is: the artifacts' or those of the config branch; both, unless it says. */
export type ScriptedPlace = "source" | "config";

/**
 * The forge's checks and approvals as a simulation wants them. What nobody reported or approved is not there, and holds.
 */
export class ScriptedForge {
  readonly #now: () => number;
  readonly #isConfig: (repository: string) => boolean;
  readonly #checks = new Map<
    string,
    { name: string; state: ScriptedCheck; on: ScriptedPlace | undefined; at: number }
  >();
  readonly #verdicts = new Map<string, ReviewVerdict & { environment: string | undefined }>();
  #authors: readonly string[] = [];

  constructor(now: () => number, isConfig: (repository: string) => boolean = (name) => name === "simulation") {
    this.#now = now;
    this.#isConfig = isConfig;
  }

  check(name: string, state: ScriptedCheck, on?: ScriptedPlace): void {
    this.#checks.set(JSON.stringify([name, on]), { name, state, on, at: this.#now() });
  }

  approve(by: string, environment: string | undefined, said: ReviewVerdict["said"]): void {
    const verdict = { by, said, current: true, environment, at: timestamp(this.#now()) };
    this.#verdicts.set(JSON.stringify([by.toLowerCase(), environment]), verdict);
  }

  authors(people: readonly string[]): void {
    this.#authors = people;
  }

  readonly checks: Checks = {
    of: async ({ repository }) => {
      const on = this.#isConfig(repository) ? "config" : "source";
      return [...this.#checks.values()]
        .filter((one) => one.on === undefined || one.on === on)
        .map(({ name, state, at }) => ({ name, state, said: state, since: at, url: undefined }));
    },
  };

  readonly approvals: Approvals = {
    ofProposal: async () => ({ verdicts: this.#all(undefined), url: undefined }),
    ofSource: async () => ({ verdicts: this.#all(undefined), url: undefined }),
    ofRun: async (environment) => ({
      verdicts: this.#all(environment),
      url: undefined,
      startedBy: [],
      startedAt: timestamp(this.#now()),
      id: "simulation",
    }),
    authors: async () => ({ people: this.#authors, unknown: undefined }),
  };

  #all(environment: string | undefined): ReviewVerdict[] {
    return [...this.#verdicts.values()]
      .filter((one) => environment === undefined || one.environment === undefined || one.environment === environment)
      .map(({ environment: _, ...verdict }) => verdict);
  }
}
