import { BareFixture } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { jobOf, previewFiles } from "../../product/pull-event.ts";

const hour = 3_600_000;
const head = (number: number) => number.toString(16).padStart(40, "0");

/** Previews with limits, of pull requests that grace has opened. */
class World implements Disposable {
  readonly machine = new Machine();
  readonly config: BareFixture;
  readonly #begin = Date.now();

  constructor(limits: string) {
    const text = (previewFiles["glu.yaml"] ?? "").replace("previews: {", `previews: { ${limits},`);
    this.config = new BareFixture({ seed: { ...previewFiles, "glu.yaml": text } });
  }

  /** @param ago milliseconds from its event to the test's begin */
  async up(number: number, ago: number) {
    const updatedAt = new Date(this.#begin - ago).toISOString();
    const env = jobOf(this.machine, { action: "opened", number, head: head(number), updatedAt });
    const args = ["preview", "up", "web", "--config-repository", this.config.path, "-o", "json"];
    const ended = await this.machine.glu(args, { env });
    return { code: ended.code, stderr: ended.stderr, answer: JSON.parse(ended.stdout) as Record<string, unknown> };
  }

  get files(): string {
    return this.config.git("ls-tree", "-r", "--name-only", "main", "previews");
  }

  [Symbol.dispose](): void {
    this.machine[Symbol.dispose]();
    this.config[Symbol.dispose]();
  }
}

test.each([
  ["limit: 1", "1 of at most 1 previews in all"],
  ["limit-per-author: 1", "1 of at most 1 previews of grace"],
])(
  "with %s one more is refused, in a job of its event as well, and nothing is written",
  async (limits, seen) => {
    using world = new World(limits);
    expect(await world.up(1, hour)).toMatchObject({ code: 0, answer: { result: "created" } });
    const before = world.config.git("rev-parse", "main");
    const full = await world.up(2, 0);
    expect(full).toMatchObject({ code: 3, answer: { result: "refused", refusal: { code: "preview/quota", seen } } });
    expect(world.config.git("rev-parse", "main")).toBe(before);
  },
  120_000,
);

test("where that is wanted, the one that was idle longest goes for it, and says so; one of a moment ago does not", async () => {
  using world = new World("limit: 2, on-limit: evict-idle");
  expect((await world.up(1, 3 * hour)).code).toBe(0);
  expect((await world.up(2, 2 * hour)).code).toBe(0);
  const evicting = await world.up(3, 0);
  expect(evicting).toMatchObject({ code: 0, answer: { result: "created", evicted: [{ number: 1 }] } });
  expect(evicting.stderr).toContain("web pr-1 was idle longest");
  expect(world.files).not.toContain("pr-1/");
  expect(await world.up(1, 3 * hour)).toMatchObject({ answer: { refusal: { code: "preview/gone" } } });
  expect(await world.up(4, 0)).toMatchObject({ code: 0, answer: { evicted: [{ number: 2 }] } });
  expect(await world.up(5, 0)).toMatchObject({ code: 3, answer: { refusal: { code: "preview/quota" } } });
}, 120_000);
