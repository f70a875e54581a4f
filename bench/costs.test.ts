import { describe, expect, it } from "vitest";
import type { Link } from "./network/slow-link.ts";
import { repositoryOf } from "./repositories/cache.ts";
import { appsOf, type Shape } from "./repositories/shape.ts";
import { contend } from "./suites/contention.ts";
import { changeOnce, type Sample } from "./suites/promotion.ts";
import { measureReconcile } from "./suites/reconcile.ts";
import { measureSchedule } from "./suites/schedule.ts";
import { measureStatus } from "./suites/status.ts";
import { Programs } from "./ways/programs.ts";
import { bareCommits, promoteByWire } from "./ways/ways.ts";

// The bench in small: what is counted must not grow, and what is timed is not looked at.
const link: Link = { roundTrip: 0, bandwidth: Number.POSITIVE_INFINITY };
const shapes = [130, 8000].map((files): Shape => ({ files, commits: 20, records: "few" }));

/** The same change in a small repository and in one of 8,000 files. */
async function inBoth(change: (base: string, app: string) => Promise<Sample>): Promise<[Sample, Sample]> {
  const samples: Sample[] = [];
  for (const shape of shapes) samples.push(await change(await repositoryOf(shape), appsOf(shape)[0] as string));
  return samples as [Sample, Sample];
}

const counts = ({ requests, connections, pushes }: Sample) => ({ requests, connections, pushes });

/** The bytes of 8,000 files' flat folders, `apps` and `.glu`: 399 entries each, of which 20 bytes do not compress. */
const flatFolders = 2 * 399 * 30;

describe("what goes over the wire", { timeout: 120_000 }, () => {
  it("for a full promotion is 4 requests on 1 connection at most, and no more in a repository of 8,000 files", async () => {
    const [small, large] = await inBoth((base, app) => changeOnce(base, promoteByWire, app, link));
    expect(counts(small)).toEqual({ requests: expect.any(Number), connections: 1, pushes: 1 });
    expect(small.requests).toBeLessThanOrEqual(4);
    expect(counts(large)).toEqual(counts(small));
    expect(small.received).toBeLessThan(100_000);
    expect(large.received).toBeLessThan(100_000 + flatFolders);
    expect(large.sent).toBeLessThan(25_000);
  });

  it("for a bare commit is 4 requests on 1 connection at most, and no more in a repository of 8,000 files", async () => {
    using programs = new Programs();
    const [way] = bareCommits(await programs.bundle("bare-commit"));
    const [small, large] = await inBoth((base, app) => changeOnce(base, way!, app, link));
    expect(counts(small)).toEqual({ requests: expect.any(Number), connections: 1, pushes: 1 });
    expect(small.requests).toBeLessThanOrEqual(4);
    expect(counts(large)).toEqual(counts(small));
    expect(small.received).toBeLessThan(10_000);
    expect(large.received).toBeLessThan(10_000 + flatFolders);
    expect(large.sent).toBeLessThan(5_000);
  });

  it.each([
    { apps: 100, records: "few", bytes: 700_000 },
    // More than fits into what one folder may have: the whole matrix comes in one answer all the same.
    { apps: 60, records: "full", bytes: 4_200_000 },
  ] as const)("for the status of $apps apps in 4 environments with $records releases is 3 requests", async (matrix) => {
    const row = await measureStatus({ ...matrix, transport: "wire", runs: 1, link });
    expect(row).toMatchObject({ requests: 3, connections: 1 });
    expect(row.received).toBeLessThan(matrix.bytes);
  });

  it.each([
    // Refs and the config; refs, tips and artifacts of all apps; all records and values.
    { newer: "no app has", of: () => 0, requests: 6, pushes: 0 },
    { newer: "every app has", of: (apps: number) => apps, requests: 7, pushes: 1 },
  ])("for a run by policies, when $newer something newer, is as few requests for 50 apps as for 5", async (run) => {
    for (const apps of [5, 50]) {
      const row = await measureSchedule({ apps, newer: run.of(apps), transport: "wire", runs: 1, link });
      expect(row).toMatchObject({ requests: run.requests, connections: 1, pushes: run.pushes });
      expect(row.received).toBeLessThan(apps * 110_000);
    }
  });

  it.each([
    // Refs, and that they are as they were.
    { found: "nothing", requests: 1, pushes: 0 },
    // Refs; the config; all artifacts; all records; what they wrote; that nothing moved.
    { found: "remembered nothing", requests: 5, pushes: 1 },
    // A commit for each of two environments, and what it stands on.
    { found: "builds", requests: 8, pushes: 2 },
  ] as const)("for a run over everything that finds $found is as few requests for 50 apps as for 5", async (run) => {
    for (const apps of [5, 50]) {
      const row = await measureReconcile({ apps, found: run.found, builds: apps, runs: 1, link });
      expect(row).toMatchObject({ requests: run.requests, connections: 1, pushes: run.pushes });
      expect(row.received).toBeLessThan(40_000 + apps * 25_000);
    }
  });

  it("for 4 writers at once loses nothing, and each takes few pushes", async () => {
    const [shape] = shapes as [Shape];
    const row = await contend(await repositoryOf(shape), shape.files, promoteByWire, 4, link);
    expect(row).toMatchObject({ failed: 0, lost: 0 });
    // Each of four can lose to each of the others twice at the very most.
    expect(row.pushes).toBeLessThanOrEqual(4 * 7);
  });
});
