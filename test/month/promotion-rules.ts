import type { Artifact, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import { fileOf, fridays, hours, inventory, most, soakHours, tagLine, upstreamOf } from "./world.ts";

// What holds of a promotion, said again by the words of the documentation: nothing here uses the code that decides.

const hour = 3_600_000;
const wallClock = new Intl.DateTimeFormat("en", {
  timeZone: hours.zone,
  hour: "numeric",
  weekday: "short",
  hourCycle: "h23",
});

/** What was built, as the test knows it: its number says which is newer, within a line. */
export interface Built {
  artifact: Artifact;
  number: number;
  /** Artifacts have an order within one of these. */
  line: string;
}

/** One stay of an artifact in a place, since its release. */
export interface Stay {
  artifact: string;
  at: number;
}

/** A promotion that a commit claims, and what was there when it was made. */
export interface Claim {
  /** For messages: which one, by which request. */
  where: string;
  request: string;
  app: string;
  environment: string;
  /** By a policy or an edge, not by name. */
  automatic: boolean;
  kind: string;
  /** Somebody merged it, which nothing that Glu says can hold. */
  isMerged: boolean;
  at: number;
  built: Built;
  /** All that was built by then. */
  all: readonly Built[];
  /** The release as the new record has it, and the record before. */
  release: Release | undefined;
  was: ReleaseRecord | undefined;
  /** Of a place all releases by then, oldest first. */
  staysIn(environment: string): readonly Stay[];
  /** Whether an artifact has failed in a place. */
  failedIn(environment: string, artifact: string): boolean;
  /** Whether its last release there was seen to be healthy, where that is looked at. */
  isGoodIn(environment: string, artifact: string): boolean;
  /** Pins and freezes that lay in the tree it was made on. */
  pin: { artifact: string; until?: string | undefined } | undefined;
  freezes: readonly { until?: string | undefined }[];
  /** The files before and after. */
  before(path: string): string;
  after(path: string): string;
  mayOverwrite: boolean;
}

export function checkPromotion(claim: Claim): void {
  checkRecord(claim);
  checkUpstream(claim);
  checkOrder(claim);
  checkSuperseded(claim);
  checkTimes(claim);
  checkHolds(claim);
  checkFile(claim);
}

/** The record holds the artifact whole, and an override says why. */
function checkRecord({ where, kind, built, release, was }: Claim): void {
  expect(release?.artifact, `${where}: the artifact is in the record as it was built`).toEqual(built.artifact);
  const rejected = was?.rejected.some((one) => one.artifact === built.artifact.id) ?? false;
  expect(kind, `${where}: what was rejected goes again as an override only`).toBe(rejected ? "override" : "promotion");
  if (rejected) expect(release?.reason ?? "", `${where}: an override has a reason`).not.toBe("");
}

function checkOrder({ where, built, was, all, automatic, kind }: Claim): void {
  if (automatic) expect(kind, `${where}: automation promotes nothing that was rejected`).toBe("promotion");
  const current = was?.current?.artifact.id;
  const runs = all.find(({ artifact }) => artifact.id === current);
  if (runs === undefined || runs.line !== built.line) return;
  expect(built.number, `${where}: not older than what ran`).toBeGreaterThanOrEqual(runs.number);
}

function checkUpstream({ where, environment, built, at, isMerged, staysIn, failedIn, isGoodIn }: Claim): void {
  const upstream = upstreamOf[environment];
  if (upstream === undefined) return;
  const stays = staysIn(upstream);
  const last = stays.findLastIndex((stay) => stay.artifact === built.artifact.id);
  expect(last, `${where}: was released in ${upstream}`).toBeGreaterThanOrEqual(0);
  // What was merged was decided on before.
  if (!isMerged) {
    expect(failedIn(upstream, built.artifact.id), `${where}: was rejected in ${upstream}`).toBe(false);
    expect(isGoodIn(upstream, built.artifact.id), `${where}: was healthy in ${upstream}`).toBe(true);
  }
  if (environment !== "production") return;
  const until = stays[last + 1]?.at ?? at;
  const stayed = until - (stays[last]?.at ?? until);
  expect(stayed, `${where}: was in ${upstream} for long enough`).toBeGreaterThanOrEqual(soakHours * hour);
}

/** An automatic promotion names all that it overtook: nothing is skipped in silence. */
function checkSuperseded(claim: Claim): void {
  const { where, environment, automatic, built, release, was, all, isMerged, staysIn, failedIn, isGoodIn } = claim;
  if (!automatic) {
    expect(release?.superseded ?? [], `${where}: by name nothing is superseded`).toEqual([]);
    return;
  }
  const current = was?.current?.artifact.id;
  const runs = all.find(({ artifact }) => artifact.id === current);
  if (runs === undefined || runs.line !== built.line) return;
  const upstream = upstreamOf[environment];
  const offered = new Set(upstream === undefined ? [] : staysIn(upstream).map(({ artifact }) => artifact));
  // What failed upstream was not to come from there, and so was not overtaken; what was merged was decided on before, and
  // it may have failed since.
  const failed = [...offered].filter((artifact) => failedIn(upstream ?? "", artifact));
  for (const artifact of offered) {
    if (failed.includes(artifact) || !isGoodIn(upstream ?? "", artifact)) offered.delete(artifact);
  }
  const overtaken = all
    .filter(({ line, number }) => line === built.line && number > runs.number && number < built.number)
    .filter(({ artifact }) => upstream === undefined || offered.has(artifact.id))
    .map(({ artifact }) => artifact.id);
  // Of other branches, which have no order, those that were committed in between may be named as well.
  const ofLine = new Set<string>(all.filter(({ line }) => line === built.line).map(({ artifact }) => artifact.id));
  const named = (release?.superseded ?? [])
    .filter((artifact) => ofLine.has(artifact))
    .filter((artifact) => !isMerged || !failed.includes(artifact));
  expect(named.sort(), `${where}: names what it overtook`).toEqual(overtaken.sort());
}

function checkTimes({ where, environment, at, staysIn }: Claim): void {
  if (environment === "staging") {
    expect(at >= inventory.from && at < inventory.to, `${where}: not while the config freezes it`).toBe(false);
  }
  if (environment !== "production") return;
  const parts = wallClock.formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value;
  const wall = Number(part("hour"));
  const allowed = wall >= hours.from && wall < (part("weekday") === fridays.weekday ? fridays.from : hours.to);
  expect(allowed, `${where}: on ${part("weekday")} at ${wall} o'clock in ${hours.zone}`).toBe(true);
  const recent = staysIn(environment).filter((one) => at < one.at + 24 * hour);
  expect(recent.length, `${where}: releases of the last day`).toBeLessThan(most);
}

/** Pins and freezes as they stood in the tree it was made on. */
function checkHolds({ where, at, built, pin, freezes, isMerged }: Claim): void {
  if (isMerged) return;
  const holds = ({ until }: { until?: string | undefined }) => until === undefined || at < Date.parse(until);
  if (pin !== undefined && holds(pin)) expect(built.artifact.id, `${where}: is pinned`).toBe(pin.artifact);
  expect(freezes.filter(holds), `${where}: is frozen`).toEqual([]);
}

/** The file says so, and a value that was changed by hand was overwritten on purpose only. */
function checkFile({ where, app, environment, built, was, before, after, mayOverwrite }: Claim): void {
  const path = fileOf(app, environment);
  const tagIn = (text: string) => tagLine(app).exec(text)?.[2];
  const tag = built.artifact.images.web?.tag;
  const recorded = was?.current?.writes[0]?.value;
  const found = tagIn(before(path));
  if (recorded !== undefined && found !== recorded && found !== tag) {
    expect(mayOverwrite, `${where}: drift is overwritten only when asked`).toBe(true);
  }
  expect(tagIn(after(path)), `${where}: the file says so`).toBe(tag);
}
