import type { AppName, Sha } from "@glu/core";
import { expect, test } from "vitest";
import type { Block } from "../document.ts";
import { artifact, decision, mixed, promoted, scenarios } from "../golden/scenarios.ts";
import { toJson } from "../json/to-json.ts";
import type { PromotionReport } from "../report.ts";
import { renderText } from "../text/render-text.ts";
import { versionOf } from "../version.ts";
import { describePromotion } from "./promotion.ts";
import { ampleRoom } from "./room.ts";

const blocks = (report: PromotionReport) => describePromotion(report, ampleRoom).blocks;
const folds = (report: PromotionReport) =>
  blocks(report).flatMap((block) => (block.kind === "details" ? [block.summary] : []));
const captions = (all: readonly Block[]) => all.flatMap((block) => (block.kind === "table" ? [block.caption] : []));
const apps = (number: number) => Array.from({ length: number }, (_, index) => artifact(`app-${index}`, "1.0.0", 10));

test("header, matrix and decisions are in sight, the rest is folded", () => {
  expect(captions(blocks(mixed))).toEqual(["What runs where", "Decisions"]);
  expect(folds(mixed)).toEqual([
    "Source commits: at least 1 commit",
    "Output of 1 program",
    "Changes: 1 file, +2 −2",
    "1 promotion passed over",
    "Every gate: 39 gates of 6 decisions",
  ]);
});

test("many promotions that changed nothing are folded away beside one that did", () => {
  const unchanged = apps(30).map((one) => decision(one, "staging", "unchanged", "Artifact and written values agree."));
  const report = { ...promoted, decisions: [...unchanged, ...promoted.decisions] };
  expect(folds(report)).toContain("30 promotions unchanged");
  const decisions = blocks(report).find((block) => block.kind === "table" && block.caption === "Decisions");
  expect(decisions).toMatchObject({ rows: { length: 1 } });
});

test("a run that decides nothing about many apps stays short", () => {
  const running = apps(500).map(({ app }) => ({
    app: app as AppName,
    environment: promoted.pipeline.running[0]!.environment,
    release: undefined,
  }));
  const none = scenarios.none as PromotionReport;
  const report = { ...none, pipeline: { ...none.pipeline, running } };
  expect(captions(blocks(report))).toEqual(["Passed over"]);
  expect(folds(report)).toContain("What runs where: 500 apps");
});

test("a decision carried out before under the same request says so, with its commit", () => {
  const repeated = { ...promoted.decisions[0]!, repeated: true };
  expect(JSON.stringify(blocks({ ...promoted, decisions: [repeated] }))).toContain("done earlier by the same request");
});

test("what runs is drawn from what runs, when a request that was carried out before is asked again", () => {
  const [made] = promoted.decisions;
  const { app, environment } = made!.intent;
  const newer = { ...made!.release!, artifact: artifact(app, "9.9.9", 1) };
  const pipeline = { ...promoted.pipeline, running: [{ app, environment, release: newer }] };
  const report = { ...promoted, pipeline, decisions: [{ ...made!, repeated: true }] };
  const drawn = blocks(report).filter(
    (block) => block.kind === "graph" || (block.kind === "table" && block.caption === "What runs where"),
  );
  expect(drawn).toHaveLength(2);
  for (const block of drawn) {
    expect(JSON.stringify(block)).toContain("9.9.9");
    expect(JSON.stringify(block)).not.toContain(versionOf(made!.release!.artifact));
    expect(JSON.stringify(block)).not.toContain("→");
  }
});

test("the JSON of a request that was carried out before has its commit", () => {
  const commit = "c".repeat(40) as Sha;
  const decisions = [{ ...promoted.decisions[0]!, repeated: true, commit }];
  expect(toJson({ ...promoted, commit: undefined, decisions })).toMatchObject({ commit });
});

test("only a job that holds the write token says advisory", () => {
  expect(JSON.stringify(blocks(mixed))).toContain("so its gates bind nobody else");
  expect(JSON.stringify(blocks(promoted))).not.toContain("advisory");
});

test("every branch that was committed to is named with its own commit", () => {
  const at = (report: PromotionReport) =>
    renderText({ ...report, now: promoted.now }, { color: false, width: 200 }).split("\n")[2];
  const other = { location: promoted.configLocation, branch: "refs/heads/env/eu", commit: "e".repeat(40) as Sha };
  const own = promoted.commit!.slice(0, 7);
  expect(at({ ...promoted, commitsElsewhere: [other] })).toContain(
    `Commit ${own} on main of ${promoted.configLocation}, eeeeeee on env/eu of ${promoted.configLocation}`,
  );
  expect(at({ ...promoted, commit: undefined, commitsElsewhere: [other] })).toMatch(/^Commit eeeeeee on env\/eu of/);
});

test("the header says who asked, and why when that was given", () => {
  const header = (report: PromotionReport) => renderText(report, { color: false, width: 300 }).split("\n")[2];
  expect(header(promoted)).toMatch(/ · asked by octo-dev · reason: release 1\.4$/);
  expect(header({ ...promoted, reason: undefined })).toMatch(/ · asked by octo-dev$/);
  expect(header({ ...promoted, actor: undefined, reason: undefined })).not.toContain("asked by");
});
