/** A table as Markdown, which is readable in a terminal as well: columns are padded, numbers stand right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => rows.every((row) => /^[\d–-]/.test(row[column] ?? "–"));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (isNumber(column) ? (row[column] ?? "").padStart(width) : (row[column] ?? "").padEnd(width))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

const missing = "–";

/** Bytes for people, in powers of ten. */
export function bytes(count: number | undefined): string {
  if (count === undefined) return missing;
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${digits(count / 1000)} kB`;
  return `${digits(count / 1_000_000)} MB`;
}

/** Milliseconds, whole ones. */
export const milliseconds = (time: number | undefined): string => (time === undefined ? missing : time.toFixed(0));

export const times = (ratio: number): string => `${ratio.toFixed(1)}x`;

const digits = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
