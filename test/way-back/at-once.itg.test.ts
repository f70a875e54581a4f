import { it } from "vitest";
import { checkMeeting, type Meeting } from "./at-once.ts";

it.each([
  { meeting: "pinned", times: 20 },
  { meeting: "unpinned", times: 20 },
  { meeting: "a promotion", times: 20 },
  { meeting: "a verification that fails", times: 20 },
  { meeting: "Glu, which takes back what failed", times: 20 },
] satisfies { meeting: Meeting; times: number }[])(
  "a rollback that meets $meeting ends one step back, each of $times times",
  { timeout: 400_000 },
  async ({ meeting, times }) => {
    for (let time = 0; time < times; time++) await checkMeeting(meeting);
  },
);
