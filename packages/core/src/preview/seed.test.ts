import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appName, requestId } from "../model/names.ts";
import type { Pull } from "../ports/pulls.ts";
import {
  headOf,
  minute,
  morning,
  type PreviewWorld,
  previewWorld,
  settings,
  template,
  upOf,
} from "../test-kit/previews.ts";
import { previewDown } from "./down.ts";
import type { UpRequest } from "./options.ts";
import { previewUp } from "./up.ts";

type Per = "once" | "per-sha";
const own = "previews/web/pr-7/web.yaml";
const seeded = (per: Per | undefined, world: PreviewWorld = previewWorld()): PreviewWorld => {
  world.template = template("kind: Job\nname: seed-{{ preview.seed }}\n");
  return Object.assign(world, { per });
};
const up = (world: PreviewWorld, pull: Pull, per: Per | undefined, more: Partial<UpRequest> = {}) =>
  previewUp(upOf(pull, { settings: { ...settings, seed: per }, ...more }), world);
const seedIn = (world: PreviewWorld): string | undefined =>
  /seed-([0-9a-f]{12})$/m.exec(world.repository.text(own) ?? "")?.[1];

describe("the seed of a preview", () => {
  it.each<[Per, boolean]>([
    ["once", true],
    ["per-sha", false],
  ])("%s: with a new commit it stays, %s; with the same it does", async (per, stays) => {
    const world = seeded(per);
    const pull = world.pulls.set(7);
    const made = await up(world, pull, per);
    const first = seedIn(world);
    expect(made.preview?.seed).toEqual({ id: first, per });
    expect(await up(world, pull, per)).toMatchObject({ state: "unchanged", commit: undefined });
    await up(world, world.pulls.set(7, { updatedAt: morning + minute }), per);
    expect(seedIn(world)).toBe(first);
    await up(world, world.pulls.set(7, { updatedAt: morning + 2 * minute, head: headOf("new") }), per);
    expect(seedIn(world) === first).toBe(stays);
  });

  it.each<Per>(["once", "per-sha"])("%s: asked for anew it is another one, which then stays", async (per) => {
    const world = seeded(per);
    const pull = world.pulls.set(7);
    await up(world, pull, per);
    const first = seedIn(world);
    const again = { reseed: true, request: requestId("again") };
    expect(await up(world, pull, per, again)).toMatchObject({ state: "updated", commit: expect.any(String) });
    const second = seedIn(world);
    expect(second).not.toBe(first);
    // The run that asked is run again: it was heard already.
    expect(await up(world, pull, per, again)).toMatchObject({ state: "unchanged", commit: undefined });
    expect(await up(world, pull, per)).toMatchObject({ state: "unchanged", commit: undefined });
    expect(seedIn(world)).toBe(second);
  });

  it("asked for anew is written down also where no file names it", async () => {
    const world = previewWorld();
    const pull = world.pulls.set(7);
    const made = await up(world, pull, "once");
    const again = await up(world, pull, "once", { reseed: true });
    expect(again).toMatchObject({ state: "updated", commit: expect.any(String) });
    expect(again.preview?.seed?.id).not.toBe(made.preview?.seed?.id);
  });

  it.each<[string, Partial<UpRequest>, string]>([
    ["a template names it", {}, "kind: Job\nname: {{ preview.seed }}\n"],
    ["it is asked for anew", { reseed: true }, "kind: Job\nname: seed\n"],
  ])("without the setting is an error that says where to set it, where %s", async (_, more, text) => {
    const world = previewWorld();
    world.template = template(text);
    await expect(up(world, world.pulls.set(7), undefined, more)).rejects.toMatchObject({
      ...{ code: "preview/no-seed", fix: expect.stringContaining("apps.web.preview.seed: once") },
    });
    expect(world.repository.commits).toHaveLength(1);
  });

  it("names the file and the line of a template that wants one without the setting", async () => {
    const world = previewWorld();
    world.template = template("kind: Job\nname: {{ preview.seed }}\n");
    const at = { file: "deploy/preview/web.yaml", line: 2 };
    await expect(up(world, world.pulls.set(7), undefined)).rejects.toMatchObject({ at });
  });

  it("is never one that there was before, whatever happened: what was half-filled or cancelled stays so", async () => {
    const step = fc.record({
      number: fc.constantFrom(7, 8),
      what: fc.constantFrom("push", "again", "reseed", "reopen" as const),
      later: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Per>("once", "per-sha"),
        fc.array(step, { maxLength: 12 }),
        async (per, steps) => {
          const world = seeded(per);
          const of = { app: appName("web"), actor: { name: "ada", verified: true }, author: undefined, plan: false };
          const seen: string[] = [];
          const current = new Map<number, { id: string; head: string }>();
          let now = morning;
          for (const [at, { number, what, later }] of steps.entries()) {
            now += later;
            const before = what === "reopen" ? undefined : current.get(number);
            if (what === "reopen" && current.has(number)) {
              const closed = world.pulls.set(number, { isOpen: false, updatedAt: now, closedAt: now });
              const event = { clock: closed.updatedAt, isOwn: true };
              await previewDown({ ...of, number, event, because: "closed", request: requestId(`d${at}`) }, world);
              now += later;
            }
            // Also back to a commit that was at the head before.
            const head = what === "push" ? { head: headOf(`${number}-${at % 3}`) } : {};
            const pull = world.pulls.set(number, { isOpen: true, closedAt: undefined, updatedAt: now, ...head });
            const { preview } = await up(world, pull, per, { reseed: what === "reseed" });
            const id = preview?.seed?.id ?? "";
            expect(id).toMatch(/^[0-9a-f]{12}$/);
            const stays = before !== undefined && what !== "reseed" && (per === "once" || before.head === pull.head);
            if (stays) expect(id).toBe(before.id);
            else expect(seen).not.toContain(id);
            seen.push(id);
            current.set(number, { id, head: pull.head });
          }
        },
      ),
    );
  });
});
