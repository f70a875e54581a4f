import { describe, expect, it } from "vitest";
import type { PullEvent } from "../model/ci-context.ts";
import { headOf, morning } from "../test-kit/previews.ts";
import { timeOfDown, timeOfUp, wishOf } from "./from-event.ts";
import { usualPreviews } from "./options.ts";

const head = headOf("7");
const pull = (more: Partial<PullEvent> = {}): PullEvent => ({
  ...{ number: 7, action: "synchronize", isOpen: true, head, author: "ada", branch: "x", labels: [], label: undefined },
  ...{ updatedAt: morning, closedAt: undefined, isOwnTime: true, ...more },
});
const trusted = { wanted: true, trust: { by: "repository", sha: head } };
const labelled = { ...usualPreviews, when: "label" } as const;

describe("what an event asks for", () => {
  it("a pull request of the repository gets a preview by itself, or by its label", () => {
    expect(wishOf({ pull: pull(), fork: false }, usualPreviews)).toEqual(trusted);
    expect(wishOf({ pull: pull(), fork: false }, labelled)).toMatchObject({ wanted: false });
    expect(wishOf({ pull: pull({ labels: ["preview"] }), fork: false }, labelled)).toEqual(trusted);
  });

  it("of a fork the commit is trusted that was labelled, and none that was pushed after it", () => {
    const putOn = pull({ action: "labeled", labels: ["preview"], label: "preview" });
    expect(wishOf({ pull: putOn, fork: true }, usualPreviews)).toEqual({
      wanted: true,
      trust: { by: "label", sha: head },
    });
    const nobody = { wanted: true, trust: undefined };
    expect(wishOf({ pull: pull({ labels: ["preview"] }), fork: true }, usualPreviews)).toEqual(nobody);
    const other = pull({ action: "labeled", labels: ["preview", "bug"], label: "bug" });
    expect(wishOf({ pull: other, fork: true }, usualPreviews)).toEqual(nobody);
    const taken = pull({ action: "unlabeled", labels: [], label: "preview" });
    expect(wishOf({ pull: taken, fork: true }, usualPreviews)).toEqual(nobody);
    expect(wishOf({ pull: putOn, fork: true }, { ...usualPreviews, forks: "never" })).toMatchObject({ wanted: false });
  });

  it("has the time of the change, and of the close where it is one", () => {
    expect(timeOfUp(pull())).toEqual({ clock: morning, isOwn: true });
    expect(timeOfDown(pull({ closedAt: morning - 1 }))).toEqual({ clock: morning - 1, isOwn: true });
    expect(timeOfDown(pull())).toEqual({ clock: morning, isOwn: true });
    expect(timeOfUp(pull({ updatedAt: undefined }))).toBeUndefined();
  });
});
