import { describe, expect, it } from "vitest";
import type { CommentEvent } from "../model/comment-event.ts";
import type { Pull } from "../ports/pulls.ts";
import { headOf, morning } from "../test-kit/previews.ts";
import { meantHead } from "./meant-head.ts";

const [head, other] = [headOf("7"), headOf("8")];
const comment: CommentEvent = {
  ...{ id: 1, pull: 7, action: "created", author: "ada", body: "/preview up" },
  ...{ createdAt: morning, pullUpdatedAt: morning + 1000 },
};
const pull = (more: Partial<Pull> = {}): Pull => ({
  ...{ number: 7, isOpen: true, head, updatedAt: morning + 1000, closedAt: undefined, author: "grace" },
  ...{ branch: "x", base: "main", fromFork: false, labels: [], ...more },
});
const up = (sha?: typeof head) => ({ verb: "up", sha }) as const;
const notAsked = () => {
  throw new Error("It was asked.");
};
const later = pull({ updatedAt: morning + 60_000 });

describe("which commit a comment means", () => {
  it("the one that it names, whatever is there now", async () => {
    expect(await meantHead(up(other), comment, pull(), notAsked)).toEqual({ head: other });
    expect(await meantHead(up(other), comment, pull({ fromFork: true }), notAsked)).toEqual({ head: other });
  });

  it("without a name the head, where nothing has changed since, or the forge says that it was there before", async () => {
    expect(await meantHead(up(), comment, pull(), notAsked)).toEqual({ head });
    expect(await meantHead(up(), comment, later, async () => morning - 1)).toEqual({ head });
  });

  it.each([
    ["of a fork", pull({ fromFork: true }), async () => morning - 1, /fork/],
    ["what was pushed after it", later, async () => morning + 1, /somebody pushed after/],
    ["what was pushed in the same second", later, async () => morning, /somebody pushed after/],
    ["when the forge does not tell", later, async () => undefined, /cannot be told/],
    ["of a head that is not told", pull({ head: "" }), async () => morning - 1, /does not tell its head/],
  ])("without a name none: %s", async (_, live, since, seen) => {
    expect(await meantHead(up(), comment, live, since)).toEqual({
      head: undefined,
      seen: expect.stringMatching(seen),
    });
  });
});
