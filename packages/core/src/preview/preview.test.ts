import { describe, expect, it } from "vitest";
import { appName, requestId, timestamp } from "../model/names.ts";
import {
  day,
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
import type { DownRequest } from "./options.ts";
import { readStanding } from "./state.ts";
import { takeDown } from "./take-down.ts";
import { previewUp } from "./up.ts";

const web = appName("web");
const files = (world: PreviewWorld) => [...(world.repository.commits.at(-1)?.files.keys() ?? [])].sort();
const own = ["previews/web/pr-7/preview-namespace.yaml", "previews/web/pr-7/web.yaml"];
const state = ".glu/_previews/web/pr-7.json";
const stone = ".glu/_previews/web/pr-7.closed.json";
const by = { actor: { name: "ada", verified: true }, request: requestId("r"), author: undefined, plan: false };
const down = (clock: number | undefined, more: Partial<DownRequest> = {}): DownRequest => {
  return {
    ...by,
    app: web,
    number: 7,
    event: clock === undefined ? clock : { clock, isOwn: true },
    because: "closed",
    ...more,
  };
};

describe("up", () => {
  it("writes the files with their Namespace, and the state apart from them, as one commit", async () => {
    const world = previewWorld();
    const result = await previewUp(upOf(world.pulls.set(7)), world);
    expect(result).toMatchObject({ state: "created", preview: { namespace: "web-pr-7", clock: timestamp(morning) } });
    expect(files(world)).toEqual([state, "README.md", ...own]);
    expect(world.repository.commits).toHaveLength(2);
    expect(world.repository.text(own[0]!)).toContain('name: "web-pr-7"');
    expect(world.repository.text(own[1]!)).toBe(
      `kind: Deployment\nname: web\nimage: ghcr.io/acme/web@sha256:${"a".repeat(64)}\nhost: web-pr-7.preview.example.com\n`,
    );
    expect(world.repository.commits.at(-1)?.message).toMatch(/^Preview web pr-7 at [0-9a-f]{7}\n\nGlu-Request: up-7/);
  });

  it("run again changes nothing", async () => {
    const world = previewWorld();
    const request = upOf(world.pulls.set(7));
    await previewUp(request, world);
    expect(await previewUp(request, world)).toMatchObject({ state: "unchanged", commit: undefined });
    expect(world.repository.commits).toHaveLength(2);
  });

  it("run again changes nothing although the pull request has a comment since, as Glu's own", async () => {
    const world = previewWorld();
    const request = upOf(world.pulls.set(7));
    await previewUp(request, world);
    world.pulls.set(7, { updatedAt: morning + minute });
    expect(await previewUp(request, world)).toMatchObject({ state: "unchanged", commit: undefined });
    expect(world.repository.commits).toHaveLength(2);
  });

  it("of the same head later keeps the time: its idle time begins anew, and what came between comes too late", async () => {
    const world = previewWorld();
    await previewUp(upOf(world.pulls.set(7)), world);
    const later = world.pulls.set(7, { updatedAt: morning + day });
    expect(await previewUp(upOf(later), world)).toMatchObject({ state: "unchanged", commit: expect.any(String) });
    const between = upOf({ ...later, updatedAt: morning + minute, head: headOf("between") });
    expect(await previewUp(between, { ...world, pulls: undefined })).toMatchObject({
      state: "refused",
      refusal: { code: "preview/overtaken" },
    });
  });

  it("of a new head writes what has changed, and deletes what the template has no more", async () => {
    const world = previewWorld();
    world.template = {
      ...template(),
      files: new Map([...template().files, ["old.yaml", new TextEncoder().encode("kind: A\n")]]),
    };
    await previewUp(upOf(world.pulls.set(7)), world);
    expect(files(world)).toContain("previews/web/pr-7/old.yaml");
    world.template = template("kind: Deployment\nsha: {{ pull.sha }}\n");
    const pushed = world.pulls.set(7, { head: headOf("new"), updatedAt: morning + minute });
    expect(await previewUp(upOf(pushed), world)).toMatchObject({ state: "updated" });
    expect(files(world)).toEqual([state, "README.md", ...own]);
    expect(world.repository.text(own[1]!)).toBe(`kind: Deployment\nsha: ${headOf("new")}\n`);
  });

  it("records where it is asked for its health, also when that alone has changed", async () => {
    const world = previewWorld();
    const pull = world.pulls.set(7);
    const health = "https://{{ preview.host }}/health/{{ pull.sha }}";
    await previewUp(upOf(pull), world);
    const result = await previewUp(upOf(pull, { settings: { ...settings, health } }), world);
    const address = `https://web-pr-7.preview.example.com/health/${pull.head}`;
    expect(result).toMatchObject({ state: "updated", commit: expect.any(String), preview: { health: address } });
    const wrong = upOf(pull, { settings: { ...settings, health: "{{ preview.host }}" } });
    await expect(previewUp(wrong, world)).rejects.toMatchObject({ code: "preview/address" });
  });

  it("puts back what somebody deleted or changed by hand", async () => {
    const world = previewWorld();
    const request = upOf(world.pulls.set(7));
    await previewUp(request, world);
    world.repository.push("By hand", [{ path: own[1] as never, content: undefined }]);
    expect(await previewUp(request, world)).toMatchObject({ state: "updated", commit: expect.any(String) });
    expect(files(world)).toContain(own[1]);
  });

  it.each([
    ["a namespace of others", "kind: Role\nnamespace: production\n", "preview/namespace"],
    ["a Namespace of others", "kind: Namespace\nname: production\n", "preview/namespace"],
  ])("refuses a template that reaches into %s, and writes nothing", async (_, text, code) => {
    const world = previewWorld();
    world.template = template(text);
    await expect(previewUp(upOf(world.pulls.set(7)), world)).rejects.toThrow(expect.objectContaining({ code }));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("refuses a value that means something in YAML", async () => {
    const world = previewWorld();
    const request = upOf(world.pulls.set(7), {
      images: { web: { name: "ghcr.io/acme/web", tag: "a: b", digest: `sha256:${"a".repeat(64)}` as never } },
    });
    world.template = template("kind: A\ntag: {{ images.web.tag }}\n");
    await expect(previewUp(request, world)).rejects.toThrow(expect.objectContaining({ code: "preview/unsafe-value" }));
  });

  it("a branch's name comes into a manifest as a label", async () => {
    const world = previewWorld();
    world.template = template("kind: A\nbranch: {{ pull.branch }}\n");
    await previewUp(upOf(world.pulls.set(7), { branch: "x\nkind: Secret #" }), world);
    expect(world.repository.text(own[1]!)).toMatch(/^kind: A\nbranch: x-kind-secret-[0-9a-f]{12}\n$/);
  });
});

describe("trust", () => {
  it("a commit for which nobody vouches is refused; what was said of it before counts", async () => {
    const world = previewWorld();
    const pull = world.pulls.set(7, { fromFork: true });
    const unknown = upOf(pull, { trust: undefined });
    expect(await previewUp(unknown, world)).toMatchObject({
      state: "refused",
      refusal: { code: "preview/not-trusted" },
    });
    expect(world.repository.commits).toHaveLength(1);
    await previewUp(upOf(pull, { trust: { by: "label", sha: pull.head } }), world);
    expect(await previewUp(unknown, world)).toMatchObject({ state: "unchanged" });
    const pushed = world.pulls.set(7, { head: headOf("evil"), updatedAt: morning + minute });
    const next = upOf(pushed, { trust: { by: "label", sha: pull.head } });
    expect(await previewUp(next, world)).toMatchObject({ state: "refused", refusal: { code: "preview/not-trusted" } });
    expect(world.repository.text(own[1]!)).not.toContain(headOf("evil"));
  });
});

describe("down", () => {
  it("deletes what was recorded and nothing else, and leaves a tombstone", async () => {
    const world = previewWorld();
    await previewUp(upOf(world.pulls.set(7)), world);
    world.repository.push("Beside it", [
      { path: "previews/web/pr-7/by-hand.yaml" as never, content: new Uint8Array() },
    ]);
    world.pulls.set(7, { isOpen: false, closedAt: morning + minute });
    expect(await previewDown(down(morning + minute), world)).toMatchObject({ state: "removed" });
    expect(files(world)).toEqual([stone, "README.md", "previews/web/pr-7/by-hand.yaml"]);
  });

  it("before up: the job that comes late finds the tombstone", async () => {
    const world = { ...previewWorld(), pulls: undefined };
    expect(await previewDown(down(morning + minute), world)).toMatchObject({ state: "closed" });
    const late = upOf({ number: 7, head: headOf("7"), updatedAt: morning } as never);
    expect(await previewUp(late, world)).toMatchObject({ state: "refused", refusal: { code: "preview/closed" } });
    const tie = upOf({ number: 7, head: headOf("7"), updatedAt: morning + minute } as never);
    expect(await previewUp(tie, world)).toMatchObject({ state: "refused", refusal: { code: "preview/closed" } });
    const reopened = upOf({ number: 7, head: headOf("7"), updatedAt: morning + 2 * minute } as never);
    expect(await previewUp(reopened, world)).toMatchObject({ state: "created" });
    expect(files(world as never)).not.toContain(stone);
    expect(await previewDown(down(morning + minute), world)).toMatchObject({ refusal: { code: "preview/overtaken" } });
  });

  it("of an open pull request is refused: a stop job that is run again has a new time", async () => {
    const world = previewWorld();
    await previewUp(upOf(world.pulls.set(7)), world);
    const again = { clock: morning + day, isOwn: false };
    expect(await previewDown(down(0, { event: again }), world)).toMatchObject({ refusal: { code: "preview/open" } });
    expect(await previewDown(down(morning + day, { because: "command" }), world)).toMatchObject({ state: "removed" });
  });

  it("again changes nothing", async () => {
    const world = previewWorld();
    world.pulls.set(7, { isOpen: false, closedAt: morning });
    await previewDown(down(morning), world);
    expect(await previewDown(down(morning), world)).toMatchObject({ state: "unchanged", commit: undefined });
  });

  it("of a record that names a file of others is an error", async () => {
    const world = previewWorld({ "apps/web.yaml": "x" });
    await previewUp(upOf(world.pulls.set(7)), world);
    const text = world.repository.text(state)?.replace(own[1]!, "apps/web.yaml") ?? "";
    world.repository.push("By hand", [{ path: state as never, content: new TextEncoder().encode(text) }]);
    await expect(previewDown(down(undefined, { because: "command" }), world)).rejects.toThrow(
      expect.objectContaining({ code: "record/malformed" }),
    );
  });
});

describe("what somebody or something took down while its pull request is open", () => {
  it.each(["command", "idle", "evicted"] as const)(
    "by %s does not come back by an old job that is run again",
    async (because) => {
      const world = previewWorld();
      const opened = upOf(world.pulls.set(7));
      await previewUp(opened, world);
      if (because === "command") await previewDown(down(undefined, { because }), world);
      else {
        const { preview } = await readStanding(await world.repository.open(), opened);
        world.repository.push("Went", takeDown(opened, preview, { clock: morning, because, now: morning }, opened));
      }
      // Glu's own comment says that it is gone, and so the pull request has changed since.
      const live = world.pulls.set(7, { updatedAt: morning + minute });
      expect(await previewUp(opened, world)).toMatchObject({ state: "refused", refusal: { code: "preview/gone" } });
      expect(await previewUp({ ...opened, byName: true }, world)).toMatchObject({ state: "created" });
      await previewDown(down(undefined, { because: "command" }), world);
      const pushed = world.pulls.set(7, { head: headOf("new"), updatedAt: live.updatedAt + minute });
      expect(await previewUp(upOf(pushed), world)).toMatchObject({ state: "created" });
    },
  );

  it("comes back by name at once, though nothing has happened on the forge since", async () => {
    const world = previewWorld();
    const opened = upOf(world.pulls.set(7));
    await previewUp(opened, world);
    await previewDown(down(undefined, { because: "command" }), world);
    expect(await previewUp({ ...opened, byName: true }, world)).toMatchObject({ state: "created" });
  });

  it("was closed and is open again: an old job that is run again brings it back, where no event told that", async () => {
    const world = previewWorld();
    const opened = upOf(world.pulls.set(7));
    await previewUp(opened, world);
    world.pulls.set(7, { isOpen: false, closedAt: morning + minute, updatedAt: morning + minute });
    await previewDown(down(morning + minute), world);
    expect(await previewUp(opened, world)).toMatchObject({ refusal: { code: "preview/closed" } });
    world.pulls.set(7, { isOpen: true, closedAt: undefined, updatedAt: morning + 2 * minute });
    expect(await previewUp(opened, world)).toMatchObject({ state: "created" });
  });
});

describe("limits", () => {
  const limited = { ...settings, limit: 2 };
  const filled = async () => {
    const world = previewWorld();
    for (const number of [1, 2]) {
      const pull = world.pulls.set(number, { updatedAt: morning + number * minute, author: "grace" });
      await previewUp(upOf(pull, { settings: limited }), world);
    }
    return world;
  };

  it("one too many is refused, and says so", async () => {
    const world = await filled();
    const result = await previewUp(upOf(world.pulls.set(7), { settings: limited }), world);
    expect(result).toMatchObject({ refusal: { code: "preview/quota", seen: "2 of at most 2 previews in all" } });
    expect(
      await previewUp(upOf(world.pulls.set(1, { head: headOf("x"), updatedAt: morning + day })), world),
    ).toMatchObject({ state: "updated" });
  });

  it("the one that was idle longest goes where that is wanted, and comes back with its next event", async () => {
    const world = await filled();
    const evicting = { ...limited, onLimit: "evict-idle" } as const;
    expect(await previewUp(upOf(world.pulls.set(7), { settings: evicting }), world)).toMatchObject({
      state: "refused",
    });
    world.now = morning + 2 * day;
    const result = await previewUp(upOf(world.pulls.set(7), { settings: evicting }), world);
    expect(result).toMatchObject({ state: "created", evicted: [{ number: 1 }] });
    expect(files(world)).toContain(".glu/_previews/web/pr-1.closed.json");
    expect(files(world).filter((path) => path.startsWith("previews/web/pr-1/"))).toEqual([]);
    const back = world.pulls.set(1, { updatedAt: morning + 3 * day });
    world.now = morning + 3 * day;
    expect(await previewUp(upOf(back, { settings: evicting }), world)).toMatchObject({
      state: "created",
      evicted: [{ number: 7 }],
    });
  });

  it("an author's limit counts what this author opened", async () => {
    const world = await filled();
    const own = { ...settings, limitPerAuthor: 2 };
    expect(await previewUp(upOf(world.pulls.set(7), { settings: own }), world)).toMatchObject({ state: "created" });
    const third = world.pulls.set(8, { author: "grace" });
    expect(await previewUp(upOf(third, { settings: own }), world)).toMatchObject({
      refusal: { code: "preview/quota", seen: "2 of at most 2 previews of grace" },
    });
  });
});
