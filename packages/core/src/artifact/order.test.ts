import { expect, it } from "vitest";
import { artifactOf } from "../test-kit/memory.ts";
import { newest } from "./order.ts";

it("the newest is none that another one of its branch is newer than, whatever lies between them", () => {
  const at = (minute: number) => ({ committedAt: `2026-11-01T00:0${minute}:00.000Z` });
  const rebuilt = artifactOf("web", 10, at(1));
  const release = artifactOf("web", 5, { ...at(2), version: { ...rebuilt.version, branch: "release" } });
  const older = artifactOf("web", 9, at(3));
  expect(newest([older, release, rebuilt])?.id).toBe(release.id);
  expect(newest([older, rebuilt])?.id).toBe(rebuilt.id);
  expect(newest([])).toBeUndefined();
});
