import { type Clock, type GluError, OutsideError, type Sha } from "@glu/core";

/** Tries of a push that another writer's lock got in the way of. */
const busyTries = 5;

/** How far back our commit is looked for when the answer to its push was lost. */
const lookBack = 100;

/** One way of pushing one commit to a ref, and of looking what became of it. */
export interface PushWay {
  /** Pushes once. A failure is an answer: the outcome is read from the ref. */
  push(): Promise<PushTry>;
  /** What the ref points to now. @throws GluError `repository/…` */
  readRef(): Promise<Sha | undefined>;
  /** The newest commits of the ref as it is now. */
  newest(now: Sha, limit: number): Promise<readonly { commit: Sha }[]>;
  clock: Clock;
}

export interface PushTry {
  outcome:
    | "pushed"
    /** A no that was said once, or before anything was sent: nothing was written. */
    | "refused"
    /** Nothing was heard, or a no to a request that may have been sent twice. */
    | "unclear";
  /** Another writer held the ref's lock: worth another try at once. */
  busy: boolean;
  /** What the failure means when the ref has not moved. */
  failure(): GluError | Promise<GluError>;
}

/**
 * Pushes `commit` onto `old` (undefined: the ref must not exist). What became of it is decided by reading the ref again,
 * never by the server's words. `moved`: somebody else was first and nothing was written.
 * @throws GluError `repository/…` when the ref stands where it stood; `repository/unclear` when it cannot be read
 */
export async function settlePush(way: PushWay, old: Sha | undefined, commit: Sha): Promise<"pushed" | "moved"> {
  for (let attempt = 1; ; attempt++) {
    const tried = await way.push();
    if (tried.outcome === "pushed") return "pushed";
    const now = await readAfter(way, tried);
    if (now === commit) return "pushed";
    if (now !== old) {
      // Somebody may have built upon ours already.
      const below = tried.outcome === "unclear" && now !== undefined ? await way.newest(now, lookBack) : [];
      return below.some((one) => one.commit === commit) ? "pushed" : "moved";
    }
    if (!tried.busy || attempt === busyTries) throw await tried.failure();
    await way.clock.sleep(way.clock.random() * 100 * attempt);
  }
}

async function readAfter(way: PushWay, tried: PushTry): Promise<Sha | undefined> {
  try {
    return await way.readRef();
  } catch (cause) {
    const { message, seen } = await tried.failure();
    throw new OutsideError("repository/unclear", `${message} Whether it was written could not be read.`, {
      seen,
      fix: "Run again: what was written is found, and is not written twice.",
      transient: true,
      cause,
    });
  }
}
