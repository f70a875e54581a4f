/** What an event was, in GimletD's words where it has one. `pr` is a pull or merge request. */
export const eventNames = ["push", "tag", "pr", "release", "manual", "request", "schedule"] as const;
export type EventName = (typeof eventNames)[number];
