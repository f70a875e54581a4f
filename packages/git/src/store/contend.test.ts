import { FakeClock } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { contend } from "./contend.ts";

it("repeats what was lost, after a wait of up to four times the attempt for each that was lost", async () => {
  const clock = new FakeClock(0, [0, 0.5, 0.999]);
  let left = 4;
  const won = await contend(clock, "x", async () => {
    clock.advance(100);
    return left-- > 1 ? undefined : "won";
  });
  expect(won).toBe("won");
  expect(clock.slept).toEqual([0, 400, expect.closeTo(1198.8)]);
});

it("gives up after two minutes, and says that others were first", async () => {
  const clock = new FakeClock(0, [0.9]);
  const lost = contend(clock, "refs/x", async () => {
    clock.advance(5000);
    return undefined;
  });
  await expect(lost).rejects.toMatchObject({ code: "store/contention", kind: "outside", transient: false });
  expect(clock.now()).toBeGreaterThanOrEqual(120_000);
  expect(clock.now()).toBeLessThan(130_000);
});
