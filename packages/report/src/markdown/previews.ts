import type { Preview, Tombstone } from "@glu/core";
import { clip } from "../clip.ts";
import { code, icon, type Line, lineBreak, link, muted, type Span, type Table } from "../document.ts";
import { renderBlock } from "./blocks.ts";
import type { Flavor } from "./render-markdown.ts";

/** A preview of the pull request that is there, or the tombstone of one that was, of an app. */
export type PreviewRow =
  | { kind: "there"; preview: Preview; expiresAt: string; health?: SeenHealth | undefined }
  | { kind: "gone"; tombstone: Pick<Tombstone, "app" | "at" | "because"> };

/** What a run saw of a commit, as the comment carries it to those that write it after: Git does not know it. */
export type SeenHealth = "healthy" | "unhealthy";

const marked = /^<!-- glu:health ([a-z0-9-]{1,63}) ([0-9a-f]{40}|[0-9a-f]{64}) (healthy|unhealthy) -->$/gm;

/** What a comment says of an app's preview at a commit; undefined: nothing. */
export function readHealth(said: readonly string[], { app, head }: Pick<Preview, "app" | "head">) {
  const all = said.flatMap((text) => [...text.replace(/\r\n/g, "\n").matchAll(marked)]);
  const found = all.findLast(([, of, commit]) => of === app && commit === head);
  return found?.[3] as SeenHealth | undefined;
}

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
  const seen = ordered.flatMap((row) =>
    row.kind === "gone" || row.health === undefined
      ? []
      : [`<!-- glu:health ${row.preview.app} ${row.preview.head} ${row.health} -->`],
  );
  const blocks = [renderBlock({ kind: "heading", text: table.caption }, flavor), renderBlock(table, flavor)];
  return `${[...blocks, ...(seen.length === 0 ? [] : [seen.join("\n")])].join("\n\n")}\n`;
}

function there({ preview, expiresAt, health }: PreviewRow & { kind: "there" }): Line[] {
  const { host, url, links = {}, namespace, head } = preview;
  const more = Object.entries(links).flatMap(([name, href], at): Span[] => [
    at === 0 ? lineBreak : " · ",
    link(clip(name, 40), href),
  ]);
  const address: Span[] =
    url === undefined
      ? [code(namespace), ...more]
      : [icon(health === "unhealthy" ? "held" : "promoted"), " ", link(clip(host ?? url, 253), url), ...more];
  if (health !== undefined)
    address.splice(url === undefined ? 1 : 3, 0, health === "healthy" ? " is healthy" : " is not healthy yet");
  return [address, [code(head.slice(0, 7))], [minutes(expiresAt)]];
}

function gone({ tombstone }: PreviewRow & { kind: "gone" }): Line[] {
  return [["taken down: ", reasons[tombstone.because]], [], [muted(`gone since ${minutes(tombstone.at)}`)]];
}

/** `2026-11-21 07:00 UTC` */
const minutes = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
