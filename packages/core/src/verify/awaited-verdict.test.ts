import { expect, it } from "vitest";
import { timestamp } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import { start } from "../test-kit/memory.ts";
import { verify } from "../test-kit/verifying.ts";
import { awaitedVerdict } from "./awaited-verdict.ts";

const minute = 60_000;
const at = (minutes: number) => timestamp(start + minutes * minute);
const of = (more: Partial<Release>, minutes = 1) =>
  awaitedVerdict(
    { state: "committed", releasedAt: at(0), ...more } as Release,
    verify("hold"),
    start + minutes * minute,
  );

it.each<[string, ReturnType<typeof of>, object | undefined]>([
  ["committed", of({}), { state: "committed", since: at(0), until: at(10), seen: undefined }],
  ["committed, in its last moment", of({}, 9.9), { until: at(10) }],
  ["committed, and nobody looked in its time", of({}, 10), { since: at(0), until: undefined }],
  [
    "looked at in its time",
    of({ verification: { at: at(3), seen: "x" } }, 30),
    { since: at(0), until: at(10), seen: "x" },
  ],
  ["looked at late", of({ verification: { at: at(30), seen: "x" } }, 31), { since: at(0), until: at(40) }],
  ["synced", of({ state: "synced", verification: { at: at(4), seen: "x" } }, 5), { since: at(4), until: at(10) }],
  ["merged, and when is not written down", of({ releasedAt: null }), { since: undefined, until: undefined }],
  ["healthy", of({ state: "healthy" }), undefined],
  ["failed", of({ state: "failed" }), undefined],
])("of a release that is %s", (_what, told, wanted) => {
  if (wanted === undefined) expect(told).toBeUndefined();
  else expect(told).toMatchObject(wanted);
});

it("of a release where nothing is verified is nothing", () => {
  const release = { state: "committed", releasedAt: at(0) } as Partial<Release> as Release;
  expect(awaitedVerdict(release, undefined, start)).toBeUndefined();
});
