import { expect, test } from "vitest";
import { artifact, bytes, decision, mixed, release } from "../golden/scenarios.ts";
import { readMarkdown, readRawMarkdown, skeleton, text } from "../golden/skeleton.ts";
import type { PromotionReport } from "../report.ts";
import { renderMarkdown } from "./render-markdown.ts";

const size = (made: string) => new TextEncoder().encode(made).length;

/** A run over many apps, each with a long diff; the last one is refused. */
function many(apps: number): PromotionReport {
  const lines = (tag: string) => bytes(Array.from({ length: 60 }, (_, line) => `${tag} line ${line}\n`).join(""));
  return {
    ...mixed,
    decisions: Array.from({ length: apps }, (_, index) => {
      const made = artifact(`app-${index}`, "1.0.0", 10);
      return decision(made, "staging", index === apps - 1 ? "refused" : "promoted", `Because ${"long ".repeat(40)}`, {
        release: release(made, 0),
        changes: [{ path: `apps/app-${index}/values.yaml`, before: lines("old"), after: lines("new") }],
      });
    }),
  };
}

test.each([2_000, 65_536, 150_000])("a report of 200 apps stays below %d bytes, whole", (limit) => {
  const made = renderMarkdown(many(200), { flavor: "github", limit });
  expect(size(made)).toBeLessThanOrEqual(limit);
  expect(made).toMatch(/^## ⛔ refused: app-199 1\.0\.0 → staging · 199 promoted\n/);
  expect(made.match(/<details>/g)?.length).toBe(made.match(/<\/details>/g)?.length);
  expect((made.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
  expect(skeleton(readMarkdown(made))).toBe(skeleton(readRawMarkdown(made)));
  expect(made).toMatch(/left out/);
});

test("diffs are left out before rows, and rows of the worst results stay longest", () => {
  const without = renderMarkdown(many(100), { flavor: "github", limit: 90_000 });
  expect(without).not.toContain("```diff");
  expect(without).toContain("**app-98**");
  expect(without).toMatch(/Left out to stay below 90,000 bytes: diffs\./);
  const few = text(readMarkdown(renderMarkdown(many(200), { flavor: "github", limit: 30_000 })));
  expect(few).toContain("app-199 →\u00a0staging");
  expect(few).toMatch(/Left out to stay below 30,000 bytes: diffs and rows beyond \d+\./);
});

test("a report that fits says nothing of a limit", () => {
  expect(renderMarkdown(mixed, { flavor: "github" })).not.toContain("eft out");
});

test("GitLab gets no diagram that it would not draw unasked", () => {
  const environments = Array.from({ length: 20 }, (_, index) => ({
    name: `environment-with-a-rather-long-name-${index}` as never,
    tier: "a-tier-with-a-rather-long-name-too",
    from: undefined,
    auto: undefined,
  }));
  const report = { ...mixed, pipeline: { ...mixed.pipeline, environments } };
  expect(renderMarkdown(report, { flavor: "gitlab" })).not.toContain("```mermaid");
  expect(renderMarkdown(report, { flavor: "github" })).toContain("```mermaid");
});
