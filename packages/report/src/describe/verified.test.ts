import { expect, describe as group, it } from "vitest";
import { explanationReady } from "../golden/overviews.ts";
import { ago, frontend, release } from "../golden/parts.ts";
import { verified } from "../golden/verified.ts";
import { describe } from "./describe.ts";
import { ampleRoom } from "./room.ts";
import { verifiedInShort } from "./verified.ts";

group("what a run found out, in short", () => {
  const of = (state: "committed" | "synced" | "healthy" | "failed", isNews = true) =>
    (verified.verified ?? []).slice(0, 1).map((one) => ({ ...one, isNews, release: { ...one.release, state } }));

  it("counts as healthy what is, and nothing that was only looked at for the first time", () => {
    expect(verifiedInShort({ ...verified, verified: [...of("healthy"), ...of("committed"), ...of("synced")] })).toEqual(
      ["1 release healthy"],
    );
    expect(verifiedInShort({ ...verified, verified: of("committed") })).toEqual([]);
    expect(verifiedInShort({ ...verified, verified: of("healthy", false) })).toEqual([]);
  });
});

it("an explanation tells that what runs is not verified yet, since what was seen, and until when", () => {
  const told = (verifying: object) => {
    const { pipeline, environment } = explanationReady;
    const running = pipeline.running.map((one) =>
      one.environment === environment ? { ...one, release: release(frontend.now, 5), verifying } : one,
    );
    return JSON.stringify(describe({ ...explanationReady, pipeline: { ...pipeline, running } } as never, ampleRoom));
  };
  expect(told({ state: "committed", since: ago(4), until: ago(-11), seen: "health: web is OutOfSync" })).toMatch(
    /, and is not verified yet \(health: web is OutOfSync\); its time ends in\s11m/,
  );
  expect(told({ state: "synced", since: ago(4), until: ago(2), seen: undefined })).toMatch(
    /, and is there, but not healthy yet; its time ended 2m\sago/,
  );
});
