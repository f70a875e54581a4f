import type { Clock } from "@glu/core";

/** A clock that moves only when it is told to, or slept on. `random` repeats the given numbers. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  #now: number;
  #draw = 0;
  readonly #numbers: readonly number[];

  constructor(now: number | string = "2026-11-21T08:00:00Z", numbers: readonly number[] = [0.5]) {
    this.#now = typeof now === "number" ? now : Date.parse(now);
    this.#numbers = numbers;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.#now += milliseconds;
  }

  random(): number {
    return this.#numbers[this.#draw++ % this.#numbers.length] ?? 0.5;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** The real clock, for tests against real servers. */
export const realClock: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};
