import type { Table } from "../document.ts";
import type { Paint } from "./paint.ts";
import { type Word, wordsOf } from "./words.ts";
import { measure, wrap } from "./wrap.ts";

const gap = 2;

/**
 * A table in aligned columns, cells wrapped so that it fits the width; when even its longest words do not fit side by
 * side, one paragraph per row with a line per column.
 */
export function renderTable({ columns, rows }: Table, width: number, paint: Paint): string {
  const head = columns.map((column) => wordsOf([{ kind: "muted", text: column }]));
  const body = rows.map((row) => row.map(wordsOf));
  const widths = fit([head, ...body], columns.length, width);
  if (widths === undefined) return records(columns, body, width, paint);
  return [head, ...body].map((row) => renderRow(row, widths, paint)).join("\n");
}

/** Widths of the columns: as wanted while it fits, else the widest give way, down to their longest word. */
function fit(rows: readonly Word[][][], columns: number, width: number): number[] | undefined {
  const wanted = new Array<number>(columns).fill(0);
  const least = new Array<number>(columns).fill(0);
  for (const row of rows) {
    row.forEach((cell, index) => {
      const { whole, word } = measure(cell);
      wanted[index] = Math.max(wanted[index] ?? 0, whole);
      least[index] = Math.max(least[index] ?? 0, word);
    });
  }
  const room = width - gap * (columns - 1);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  if (sum(least) > room) return undefined;
  while (sum(wanted) > room) {
    const widest = wanted.reduce(
      (best, one, index) => (one > (least[index] ?? 0) && one > (wanted[best] ?? 0) ? index : best),
      wanted.findIndex((one, index) => one > (least[index] ?? 0)),
    );
    wanted[widest] = (wanted[widest] ?? 0) - 1;
  }
  return wanted;
}

function renderRow(row: readonly Word[][], widths: readonly number[], paint: Paint): string {
  const cells = row.map((words, index) => wrap(words, widths[index] ?? 0, paint));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, index) => {
        const { text, width } = cell[line] ?? { text: "", width: 0 };
        return text + " ".repeat(Math.max(0, (widths[index] ?? 0) - width) + (index < cells.length - 1 ? gap : 0));
      })
      .join("")
      .trimEnd(),
  ).join("\n");
}

function records(columns: readonly string[], rows: readonly Word[][][], width: number, paint: Paint): string {
  return rows
    .map((row) =>
      row
        .flatMap((words, index) => {
          if (words.length === 0) return [];
          const name = index === 0 ? "" : `${columns[index]}: `;
          const lines = wrap(words, width - name.length - 2, paint).map((line) => line.text);
          return [`${index === 0 ? "" : "  "}${paint("muted", name)}${lines.join("\n    ")}`];
        })
        .join("\n"),
    )
    .join("\n");
}
