import { expect, it } from "vitest";
import { unknownName } from "./unknown-name.ts";

const fixOf = (names: readonly string[]) => unknownName("app", "zzz", names, "glu.yaml").fix;

it("a name that is not declared is told with those that are, and how many more there are", () => {
  expect(fixOf([])).toBe("It declares none.");
  expect(fixOf(["web", "api"])).toBe("It declares web, api.");
  expect(fixOf(Array.from({ length: 23 }, (_, index) => `app-${index}`))).toMatch(/, app-19 and 3 more\.$/);
});
