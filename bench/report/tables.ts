import type { ContentionRow } from "../suites/contention.ts";
import type { DownloadRow } from "../suites/download.ts";
import type { PromotionRow } from "../suites/promotion.ts";
import type { ReconcileRow } from "../suites/reconcile.ts";
import type { ScheduleRow } from "../suites/schedule.ts";
import type { StartRow } from "../suites/start.ts";
import type { StatusRow } from "../suites/status.ts";
import type { YamlRow } from "../suites/yaml.ts";
import { bytes, milliseconds, table, times } from "./table.ts";

/** @param reference the way that the others are compared with, at the same size */
export function promotionTable(rows: readonly PromotionRow[], reference: string): string {
  const head = ["files", "way", "wall min", "median", "CPU", "received", "sent", "requests", "connections", "memory"];
  const cells = rows.map((row) => {
    const compared = rows.find(({ files, way }) => files === row.files && way === reference);
    const { received, sent, requests, connections } = row;
    return [
      ...[String(row.files), row.way, milliseconds(row.wall.min), milliseconds(row.wall.median), milliseconds(row.cpu)],
      ...[bytes(received), bytes(sent), String(requests), String(connections), bytes(row.memory)],
      compared === undefined ? "–" : times(compared.wall.min / row.wall.min),
    ];
  });
  return table([...head, "as fast"], cells);
}

export function contentionTable(rows: readonly ContentionRow[]): string {
  const head = ["writers", "way", "failed", "lost", "pushes", "each", "requests", "received", "sent", "CPU", "wall"];
  return table(
    head,
    rows.map((row) => [
      ...[String(row.writers), row.way, String(row.failed), String(row.lost), String(row.pushes)],
      ...[row.pushesEach.toFixed(2), String(row.requests), bytes(row.received), bytes(row.sent)],
      ...[milliseconds(row.cpu), milliseconds(row.wall)],
    ]),
  );
}

export function statusTable(rows: readonly StatusRow[]): string {
  const head = ["way", "apps", "records", "wall min", "median", "CPU", "received", "sent", "requests", "connections"];
  return table(
    [...head, "memory"],
    rows.map((row) => [
      ...[row.way, String(row.apps), row.records, milliseconds(row.wall.min), milliseconds(row.wall.median)],
      ...[milliseconds(row.cpu), bytes(row.received), bytes(row.sent), String(row.requests), String(row.connections)],
      bytes(row.memory),
    ]),
  );
}

export function scheduleTable(rows: readonly ScheduleRow[]): string {
  const head = ["way", "apps", "newer", "wall min", "median", "CPU", "received", "sent", "requests", "connections"];
  return table(
    [...head, "memory"],
    rows.map((row) => [
      ...[row.way, String(row.apps), String(row.newer), milliseconds(row.wall.min), milliseconds(row.wall.median)],
      ...[milliseconds(row.cpu), bytes(row.received), bytes(row.sent), String(row.requests), String(row.connections)],
      bytes(row.memory),
    ]),
  );
}

export function reconcileTable(rows: readonly ReconcileRow[]): string {
  const head = [
    "apps",
    "found",
    "promoted",
    "wall min",
    "median",
    "CPU",
    "received",
    "sent",
    "requests",
    "connections",
  ];
  return table(
    [...head, "memory"],
    rows.map((row) => [
      ...[String(row.apps), row.found, String(row.promoted)],
      ...[milliseconds(row.wall.min), milliseconds(row.wall.median), milliseconds(row.cpu)],
      ...[bytes(row.received), bytes(row.sent), String(row.requests), String(row.connections), bytes(row.memory)],
    ]),
  );
}

export function startTable(rows: readonly StartRow[]): string {
  return table(
    ["what", "until", "wall min", "median"],
    rows.map(({ what, until, wall }) => [what, until, milliseconds(wall.min), milliseconds(wall.median)]),
  );
}

export function downloadTable(rows: readonly DownloadRow[]): string {
  return table(
    ["what", "files", "unpacked", "download"],
    rows.map((row) => [row.what, String(row.files), bytes(row.bytes), bytes(row.download)]),
  );
}

export function yamlTable(rows: readonly YamlRow[]): string {
  return table(
    ["file", "edit min", "median", "a second"],
    rows.map(({ bytes: size, edit, throughput }) => [
      bytes(size),
      `${edit.min.toFixed(1)}`,
      edit.median.toFixed(1),
      bytes(throughput),
    ]),
  );
}
