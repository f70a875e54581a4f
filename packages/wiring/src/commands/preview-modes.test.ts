import type { PullEvent } from "@glu/core";
import { describe, expect, it } from "vitest";
import { modeOf } from "./preview-modes.ts";

const on = (hostEvent: string, more: { pull?: PullEvent; goneBranch?: string } = {}) => ({ hostEvent, ...more });
const pull = { number: 7 } as PullEvent;
const none = { mode: undefined, number: undefined };

describe("the mode of going down", () => {
  it("is what the event means, and by name a command", () => {
    expect(modeOf(none, on("pull_request", { pull }))).toBe("close");
    expect(modeOf(none, on("delete", { goneBranch: "x" }))).toBe("close");
    expect(modeOf({ ...none, number: "7" }, on("pull_request", { pull }))).toBe("command");
    expect(modeOf({ ...none, number: "7" }, on("schedule"))).toBe("command");
  });

  it("is what was given, whatever the event", () => {
    expect(modeOf({ ...none, mode: "sweep" }, on("pull_request", { pull }))).toBe("sweep");
    expect(modeOf({ mode: "close", number: "7" }, on("schedule"))).toBe("close");
  });

  it.each(["schedule", "push", ""])("of %j has to be told", (event) => {
    expect(() => modeOf(none, on(event))).toThrow(
      expect.objectContaining({ code: "preview/no-number", fix: expect.stringContaining("mode: sweep") }),
    );
  });
});
