import { it } from "vitest";
import { checkMeeting, type Meeting } from "./at-once.ts";

// Once each; at-once.itg.test.ts lets them meet twenty times.
const meetings: Meeting[] = [
  ...(["pinned", "unpinned", "late", "a promotion"] as const),
  ...(["a verification that fails", "Glu, which takes back what failed"] as const),
];

it.each(meetings)("a rollback that meets another, or %s, ends one step back", async (meeting) => {
  await checkMeeting(meeting);
});
