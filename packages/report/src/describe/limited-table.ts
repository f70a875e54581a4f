import { count } from "../clip.ts";
import type { Block, Table } from "../document.ts";
import type { Room } from "./room.ts";

/** The table with as many rows as there is room for, and a line that counts the rest. */
export function limitedTable(table: Table, room: Room): Block[] {
  const left = table.rows.length - room.rows;
  if (left <= 0) return [table];
  return [
    { ...table, rows: table.rows.slice(0, room.rows) },
    { kind: "paragraph", muted: true, line: [`${count(left, "more row")} left out.`] },
  ];
}

/** The table without the columns that are empty in every row; the first always stays. */
export function withoutEmptyColumns(table: Table): Table {
  const kept = table.columns.flatMap((_, index) =>
    index === 0 || table.rows.some((row) => (row[index]?.length ?? 0) > 0) ? [index] : [],
  );
  return {
    ...table,
    columns: kept.map((index) => table.columns[index] ?? ""),
    rows: table.rows.map((row) => kept.map((index) => row[index] ?? [])),
  };
}
