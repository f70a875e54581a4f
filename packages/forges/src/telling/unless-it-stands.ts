import type { AskingWithToken } from "../asking.ts";
import { type ForgeRequest, type ForgeResponse, unlessDone } from "../http.ts";

/** One request, sent once. */
export type AskOnce = (request: ForgeRequest) => Promise<ForgeResponse>;

/**
 * Writes what forges keep each of once only: when an answer gets lost, the whole is done again from the look whether it
 * stands, and not the writing alone.
 * @param task looks, and writes unless it stands
 */
export function unlessItStands<T>(asking: AskingWithToken, task: (ask: AskOnce) => Promise<T>): Promise<T> {
  return unlessDone(asking, async () => undefined, task);
}
