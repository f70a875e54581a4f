/** Milliseconds for which it is believed that nothing moves, at most: a forged memory delays for no longer. */
export const longestQuiet = 6 * 3_600_000;

/** What the last reconciliation that looked at everything knew: until when nothing moves unless something changes. */
export interface Recalled {
  /** Stands for all that it looked at. The same key: nothing has changed. */
  key: string;
  /** Milliseconds since the epoch; undefined: what is there now was not looked at, or is to be looked at again. */
  quietUntil: number | undefined;
}

/**
 * Lets a reconciliation end after one request when nothing has changed since the last. It is a shortcut and no truth:
 * whoever may write it can at most delay automatic promotions, for as long as it is believed.
 */
export interface ReconcileMemory {
  /** Looks once; what is read afterwards may believe what was seen. */
  recall(): Promise<Recalled>;
  /** @param until milliseconds since the epoch, at most {@link longestQuiet} ahead */
  remember(key: string, until: number): Promise<void>;
}
