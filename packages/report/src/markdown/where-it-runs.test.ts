import type { Row } from "@glu/core";
import { expect, it } from "vitest";
import { renderWhereItRuns } from "./where-it-runs.ts";

const row: Row = {
  app: "web",
  environment: "production",
  version: "v1.2.0",
  request: "r1",
  mergedAt: "2026-11-28T08:05:00.000Z",
  releasedAt: "2026-11-28T10:05:12.000Z",
  commit: "https://github.com/acme/config/commit/1234",
  page: "https://web.example.org",
};

it("says where a change runs, how long after its merge, and what came after it", () => {
  const staging: Row = {
    ...row,
    environment: "staging",
    releasedAt: "2026-11-28T08:09:00.000Z",
    page: undefined,
    next: { version: "v1.3.0", at: "2026-11-28T11:00:00.000Z", kind: "overtaken" },
  };
  expect(renderWhereItRuns([row, staging], "github")).toMatchInlineSnapshot(`
    "### Where this change runs

    | Environment | Version | This change |
    | :-- | :-- | :-- |
    | **staging** | [v1.2.0](<https://github.com/acme/config/commit/1234>) | ✅ in staging, 4 m after merge<br>since 2026-11-28 08:09 UTC<br>with v1.3.0 since 2026-11-28 11:00 UTC |
    | [production](<https://web.example.org/>) | [v1.2.0](<https://github.com/acme/config/commit/1234>) | ✅ in production, 2 h after merge<br>since 2026-11-28 10:05 UTC |
    "
  `);
});

it("says that it was rolled back, and which app where there are several", () => {
  const back: Row = { ...row, next: { version: "v1.1.0", at: "2026-11-28T12:00:00.000Z", kind: "rolled-back" } };
  expect(
    renderWhereItRuns([back, { ...row, app: "api", releasedAt: "2026-11-28T10:06:00.000Z" }], "gitlab"),
  ).toMatchInlineSnapshot(`
    "### Where this change runs

    | Environment | App | Version | This change |
    | :-- | :-- | :-- | :-- |
    | [production](<https://web.example.org/>) | web | [v1.2.0](<https://github.com/acme/config/commit/1234>) | 🕘 was in production, 2 h after merge<br>rolled back to v1.1.0 on 2026-11-28 12:00 UTC |
    | [production](<https://web.example.org/>) | api | [v1.2.0](<https://github.com/acme/config/commit/1234>) | ✅ in production, 2 h 1 m after merge<br>since 2026-11-28 10:06 UTC |
    "
  `);
});

it("takes what a version, an app or an address is called for text", () => {
  const hostile = "<img src=x onerror=alert(1)> @ada | `x` #1 --> [a](javascript:alert(1))";
  const said = renderWhereItRuns(
    [{ ...row, app: hostile, version: hostile, commit: "javascript:alert(1)", page: "javascript:alert(1)" }, row],
    "github",
  );
  expect(said).not.toMatch(/<img|@ada|-->|\]\(<?javascript|(?<!&)#1/);
  expect(said.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(4);
});

it("does not count backwards where the clocks of a forge and a runner differ", () => {
  const said = renderWhereItRuns([{ ...row, mergedAt: "2026-11-28T10:06:00.000Z" }], "gitea");
  expect(said).toContain("✅ in production<br>since");
});
