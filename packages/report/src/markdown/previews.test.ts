import { type Preview, sha } from "@glu/core";
import { expect, it } from "vitest";
import { type PreviewRow, readHealth, renderPreviews } from "./previews.ts";

const preview = (app: string, more: Partial<Preview> = {}): PreviewRow => ({
  kind: "there",
  expiresAt: "2026-11-24T07:00:00.000Z",
  preview: {
    ...{ schema: "glu.preview.v1", app, number: 7, head: sha("a".repeat(40)), namespace: `${app}-pr-7`, images: {} },
    ...{ clock: "2026-11-21T07:00:00.000Z", createdAt: "2026-11-21T07:00:00.000Z", idle: 1, maxAge: 1, files: [] },
    ...{ trust: { by: "repository", sha: "a".repeat(40) }, template: { from: "x", hash: "y" }, request: "r" },
    ...{ actor: { name: "ada", verified: true }, ...more },
  },
});

it("says of each app where its preview is, or why it is gone, in the order of their names", () => {
  const links = { Logs: "https://logs.example.com/?a=1&b=2", "M|x": "https://m.example.com" };
  const rows: PreviewRow[] = [
    preview("web", { host: "web-pr-7.example.com", url: "https://web-pr-7.example.com", links }),
    { kind: "gone", tombstone: { app: "docs", at: "2026-11-21T09:00:00.000Z", because: "idle" } },
    preview("api"),
  ];
  expect(renderPreviews(rows, "github")).toBe(`### Previews

| App | Address | Commit | Until |
| :-- | :-- | :-- | :-- |
| \`api\` | \`api-pr-7\` | \`aaaaaaa\` | 2026-11-24 07:00 UTC |
| \`docs\` | taken down: nothing had happened for its idle time |  | gone since 2026-11-21 09:00 UTC |
| \`web\` | ✅ [web-pr-7.example.com](<https://web-pr-7.example.com/>)<br>[Logs](<https://logs.example.com/?a=1&amp;b=2>) · [M&#124;x](<https://m.example.com/>) | \`aaaaaaa\` | 2026-11-24 07:00 UTC |
`);
});

it("says what was seen of their health, and carries it to those that write it later, for that commit alone", () => {
  const url = { host: "web-pr-7.example.com", url: "https://web-pr-7.example.com" };
  const rows: PreviewRow[] = [
    { ...preview("web", url), health: "unhealthy" } as PreviewRow,
    { ...preview("api"), health: "healthy" } as PreviewRow,
    preview("docs", { ...url, host: "healthy -->" }),
  ];
  const text = renderPreviews(rows, "github");
  expect(text).toContain("⏸️ [web-pr-7.example.com](<https://web-pr-7.example.com/>) is not healthy yet |");
  expect(text).toContain("| `api-pr-7` is healthy |");
  const [head, other] = ["a".repeat(40), "b".repeat(40)];
  const read = (app: string, at = head) => readHealth([text.replaceAll("\n", "\r\n")], { app, head: at as never });
  expect([read("web"), read("api"), read("docs"), read("web", other)]).toEqual([
    "unhealthy",
    "healthy",
    undefined,
    undefined,
  ]);
  expect(
    readHealth([`> ${text}`, "<!-- glu:health web x healthy -->"], { app: "web", head: other as never }),
  ).toBeUndefined();
});

it("carries the health of a commit whose name is a SHA-256", () => {
  const head = sha("c".repeat(64));
  const text = renderPreviews([{ ...preview("web", { head }), health: "healthy" } as PreviewRow], "github");
  expect(readHealth([text], { app: "web", head })).toBe("healthy");
});
