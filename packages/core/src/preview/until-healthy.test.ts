import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import type { Logger } from "../ports/logger.ts";
import { type HealthOptions, untilHealthy } from "./until-healthy.ts";

const minute = 60_000;

/** @param answers in their order; the last one again and again */
async function wait(answers: (number | string)[], more: Partial<HealthOptions> = {}) {
  let now = 0;
  let looks = 0;
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const done = await untilHealthy({
    address: "https://web-pr-7.preview.example.com/healthz",
    what: "the preview of web pr-7",
    patience: 10 * minute,
    ask: async () => answers[Math.min(looks++, answers.length - 1)] ?? 0,
    stands: async () => true,
    clock: {
      now: () => now,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
    logger: { progress: say, info: say } as unknown as Logger,
    ...more,
  });
  return { ...done, looks, now, said };
}

describe("a preview that is waited for", () => {
  it.each([200, 204, 299])("is healthy with %i, and nothing is waited for then", async (status) => {
    expect(await wait([status])).toMatchObject({ health: "healthy", looks: 1, now: 0 });
  });

  it.each([301, 302, 401, 404, 500, 503, "it does not answer (CERT_HAS_EXPIRED)", "it does not answer (ENOTFOUND)"])(
    "is not there yet with %s",
    async (answer) => {
      expect(await wait([answer, answer, 200])).toMatchObject({ health: "healthy", looks: 3 });
    },
  );

  it("is not healthy when its time is over, not before and not long after, and what was seen last is told", async () => {
    const { health, seen, now, looks, said } = await wait([404, 503]);
    expect([health, seen, now]).toEqual(["unhealthy", "it answers 503", 10 * minute]);
    expect(looks).toBeLessThan(30);
    expect(said[0]).toBe("Waiting until the preview of web pr-7 is healthy: 0s of 10m, it answers 404");
  });

  it("is asked once where there is no time at all", async () => {
    expect(await wait([503], { patience: 0 })).toMatchObject({ health: "unhealthy", looks: 1, now: 0 });
  });

  it("is not waited for when something else took its place", async () => {
    let left = 2;
    expect(await wait([503], { stands: async () => left-- > 0 })).toMatchObject({ health: "unknown", looks: 3 });
  });

  it("is waited for although the repository cannot be asked for a moment", async () => {
    const stands = async () => {
      throw new OutsideError("repository/unreachable", "It does not answer.", { transient: true });
    };
    expect(await wait([503, 200], { stands })).toMatchObject({ health: "healthy", looks: 2 });
  });
});
