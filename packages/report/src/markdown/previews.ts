import type { Preview, Tombstone } from "@glu/core";
import { clip } from "../clip.ts";
import { code, icon, type Line, lineBreak, link, muted, type Span, type Table } from "../document.ts";
import { renderBlock } from "./blocks.ts";
import type { Flavor } from "./render-markdown.ts";

/** A preview of the pull request that is there, or the tombstone of one that was, of an app. */
export type PreviewRow =
  | { kind: "there"; preview: Preview; expiresAt: string }
  | { kind: "gone"; tombstone: Pick<Tombstone, "app" | "at" | "because"> };

const reasons: Readonly<Record<Tombstone["because"], string>> = {
  closed: "the pull request was closed",
  command: "somebody took it down",
  orphan: "it was left behind",
  idle: "nothing had happened for its idle time",
  "too-old": "it was as old as it may be",
  evicted: "another one took its place",
};

/**
 * The comment on a pull request that says where its previews are: a row for each app. It says the same however often it
 * is written: no time in it is measured from now.
 */
export function renderPreviews(rows: readonly PreviewRow[], flavor: Flavor): string {
  const appOf = (row: PreviewRow) => (row.kind === "there" ? row.preview.app : row.tombstone.app);
  const ordered = [...rows].sort((a, b) => (appOf(a) < appOf(b) ? -1 : 1));
  const table: Table = {
    kind: "table",
    caption: "Previews",
    columns: ["App", "Address", "Commit", "Until"],
    rows: ordered.map((row): Line[] => [
      [code(clip(appOf(row), 100))],
      ...(row.kind === "there" ? there(row) : gone(row)),
    ]),
  };
  return `${[renderBlock({ kind: "heading", text: table.caption }, flavor), renderBlock(table, flavor)].join("\n\n")}\n`;
}

function there({ preview, expiresAt }: PreviewRow & { kind: "there" }): Line[] {
  const { host, url, links = {}, namespace, head } = preview;
  const more = Object.entries(links).flatMap(([name, href], at): Span[] => [
    at === 0 ? lineBreak : " · ",
    link(clip(name, 40), href),
  ]);
  const address: Line =
    url === undefined
      ? [code(namespace), ...more]
      : [icon("promoted"), " ", link(clip(host ?? url, 253), url), ...more];
  return [address, [code(head.slice(0, 7))], [minutes(expiresAt)]];
}

function gone({ tombstone }: PreviewRow & { kind: "gone" }): Line[] {
  return [["taken down: ", reasons[tombstone.because]], [], [muted(`gone since ${minutes(tombstone.at)}`)]];
}

/** `2026-11-21 07:00 UTC` */
const minutes = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
