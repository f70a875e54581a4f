import { describe } from "vitest";
import { describeRollbacks, histories } from "./histories.ts";

describe.each(["wire", "git"] as const)("by %s", (way) => {
  describeRollbacks(histories, way);
});
