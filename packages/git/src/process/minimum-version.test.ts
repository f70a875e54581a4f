import { expect, test } from "vitest";
import { isGitNewEnough, minimumGitVersion } from "./minimum-version.ts";

test.each([
  [`git version ${minimumGitVersion}.0`, true],
  ["git version 2.50.1 (Apple Git-155)", true],
  ["git version 2.47.0.windows.2", true],
  ["git version 3.0", true],
  ["git version 2.35.8", false],
  ["git version 1.99.0", false],
  ["no version at all", false],
])("%s is new enough: %s", (text, enough) => {
  expect(isGitNewEnough(text)).toBe(enough);
});
