import type { Preview, Trust } from "../model/preview.ts";

/**
 * Who vouches for a commit: who asks now, or who did for the same commit before. What was said of one commit says nothing
 * of the next: a push takes it back.
 */
export function trusted(asked: Trust | undefined, preview: Preview | undefined, head: string): Trust | undefined {
  if (asked?.sha === head) return asked;
  return preview?.trust.sha === head ? preview.trust : undefined;
}
