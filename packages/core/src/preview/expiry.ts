import { instant } from "../model/names.ts";
import type { Preview } from "../model/preview.ts";

/** When a preview goes by itself, and by which of its times. */
export interface Expiry {
  /** Milliseconds since the epoch. */
  at: number;
  because: "idle" | "too-old";
}

/**
 * The idle time begins anew with every event, so no review is cut short; the maximum age does not. What somebody asked
 * for holds against both.
 */
export function expiryOf({ clock, createdAt, idle, maxAge, keepUntil }: Preview): Expiry {
  const [idleAt, oldAt] = [instant(clock) + idle, instant(createdAt) + maxAge];
  const own: Expiry = idleAt <= oldAt ? { at: idleAt, because: "idle" } : { at: oldAt, because: "too-old" };
  const kept = keepUntil === undefined ? 0 : instant(keepUntil);
  return { ...own, at: Math.max(own.at, kept) };
}
