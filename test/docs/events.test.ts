import { eventNames } from "@glu/core";
import { type EventTable, githubEvents, gitlabEvents } from "@glu/hosts";
import { describe, expect, it } from "vitest";
import { read, rowsOf } from "./pages.ts";

const wordsOf = (cell = ""): string => cell.replaceAll("`", "");

const tables: [string, EventTable][] = [
  ["GitHub, Gitea and Forgejo", githubEvents],
  ["GitLab", gitlabEvents],
];

describe.each(tables)("docs/events.md on %s", (heading, table) => {
  const rows = rowsOf("docs/events.md", heading);

  it("names every event that Glu knows, once, in its order", () => {
    expect(rows.map(([host]) => wordsOf(host))).toEqual(Object.keys(table));
  });

  it.each(Object.entries(table))("says what %s is", (name, ours) => {
    const said = wordsOf(rows.find(([host]) => wordsOf(host) === name)?.[1]);
    expect(said.startsWith(typeof ours === "string" ? ours : `ignored: ${ours.ignored}`)).toBe(true);
  });
});

it("docs/events.md explains every event of ours", () => {
  const first = read("docs/events.md").split(/^## /m)[0] ?? "";
  expect([...first.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual([...eventNames]);
});
