import { GluError } from "../errors.ts";
import type { RefName } from "../model/names.ts";
import { asGates } from "./judge.ts";
import type { Bench } from "./on-newest.ts";
import type { Stance } from "./stance.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A commit that was judged for every environment of its repository whose changes are proposed. */
export interface Judged {
  commit: string;
  verdicts: Verdict[];
}

/**
 * Judges what a ref points to. What keeps it from being judged is what its statuses then say: what is not known to be
 * well must not be merged.
 * @param known what the forge says that it points to
 * @returns undefined when there is no such ref
 */
export async function judgedAt(ref: RefName, known: string | undefined, bench: Bench): Promise<Judged | undefined> {
  const { judge, environments } = bench;
  const verdicts = (stances: readonly Omit<Stance, "app">[], commit: string): Judged => ({
    commit,
    verdicts: environments.map(({ name }) => {
      const own = stances.filter(({ environment }) => environment === name);
      return verdictOf(
        name,
        own.map((one) => ({ app: "" as Stance["app"], ...one })),
      );
    }),
  });
  try {
    const brought = await judge.brings(ref);
    return brought && verdicts(await judge.stances(brought, environments), brought.head.commit);
  } catch (error) {
    if (!(error instanceof GluError) || known === undefined) throw error;
    const gates = asGates(error);
    return verdicts(
      environments.map(({ name }) => ({ environment: name, gates })),
      known,
    );
  }
}
