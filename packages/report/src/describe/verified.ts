import type { Verified } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, icon, type Line, lineBreak, type Span } from "../document.ts";
import type { IconName } from "../icons.ts";
import type { PromotionReport } from "../report.ts";
import { moment } from "../times.ts";
import { versionOf } from "../version.ts";
import { place } from "./decision-table.ts";
import { gateSeen } from "./gate-seen.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

const stateIcons: Record<Verified["release"]["state"], IconName> = {
  committed: "held",
  synced: "held",
  healthy: "promoted",
  failed: "failed",
};
/** What is said of a release that is verified. */
export const verificationWords: Record<Verified["release"]["state"], string> = {
  committed: "not verified yet",
  synced: "runs, not healthy yet",
  healthy: "healthy",
  failed: "failed",
};

/** Releases that were waiting for their verification: what became of them, and what was seen. */
export function verified({ verified: all = [], now }: PromotionReport, room: Room): Block[] {
  if (all.length === 0) return [];
  const rows = worstFirst(all).map((one): Line[] => [
    place(one),
    [versionOf(one.release.artifact)],
    [icon(stateIcons[one.release.state]), ` ${verificationWords[one.release.state]}`],
    one.gates.length === 0 ? [clip(one.seen, 300)] : one.gates.flatMap(gateLine).slice(1),
    one.until === undefined ? [] : moment(one.until, now),
  ]);
  const columns = ["App → environment", "Version", "Verification", "What was seen", "Until"];
  return limitedTable(withoutEmptyColumns({ kind: "table", caption: "Verified", columns, rows }), room);
}

const gateLine = (gate: Verified["gates"][number]): Span[] => [lineBreak, gate.met ? "✓ " : "✗ ", ...gateSeen(gate)];

/** Those that this run found to have failed, for a headline; else how many became healthy. */
export function verifiedInShort({ verified: all = [] }: PromotionReport): string[] {
  const news = all.filter(({ isNews }) => isNews);
  const failed = news.filter(({ release }) => release.state === "failed");
  const [first] = failed;
  const healthy = news.filter(({ release }) => release.state === "healthy").length;
  return [
    ...(first === undefined
      ? []
      : [
          `failed: ${first.app} ${versionOf(first.release.artifact)} in ${first.environment}${failed.length > 1 ? ` and ${count(failed.length - 1, "other release")}` : ""}`,
        ]),
    ...(healthy === 0 ? [] : [`${count(healthy, "release")} healthy`]),
  ];
}

const order: readonly Verified["release"]["state"][] = ["failed", "committed", "synced", "healthy"];

const worstFirst = (all: readonly Verified[]): Verified[] =>
  [...all].sort((a, b) => order.indexOf(a.release.state) - order.indexOf(b.release.state));
