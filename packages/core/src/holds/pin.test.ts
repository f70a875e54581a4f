import { describe, expect, it } from "vitest";
import { digestOf } from "../artifact/digest.ts";
import { requestId, timestamp } from "../model/names.ts";
import { status } from "../overview/status.ts";
import { endedNotices } from "../promote/board.ts";
import { promote } from "../promote/promote.ts";
import { parseTrailers } from "../records/trailers.ts";
import { artifactOf, world } from "../test-kit/memory.ts";
import { pin, unpin } from "./pin.ts";

const [a1, a2] = [artifactOf("web", 1), artifactOf("web", 2)];
const asked = {
  app: "web",
  environment: "staging",
  artifact: undefined,
  until: undefined,
  reason: "incident",
  actor: { name: "ada", verified: true },
  request: requestId("p-1"),
};

describe("a pin", () => {
  it.each([
    ["nothing", undefined, a2.id],
    ["its id", a1.id, a1.id],
    ["its digest", digestOf(a1), a1.id],
    ["its version", "1.1", a1.id],
    ["the commit of its source", a1.version.sha.slice(0, 10), a1.id],
  ])("by %s holds at an artifact that was released there", async (_by, artifact, held) => {
    const { ports, ask } = world({ artifacts: [a1, a2] });
    await promote(ask({ artifact: a1.id }), ports);
    await promote(ask({ artifact: a2.id }), ports);
    expect(await pin({ ...asked, artifact }, ports)).toMatchObject({
      result: "changed",
      documents: [{ artifact: held }],
    });
  });

  it.each([
    [undefined, "Nothing is released of web in staging."],
    [a2.id, `${a2.id} was not released of web in staging.`],
  ])("at %j, which was not released there, is refused", async (artifact, message) => {
    const { ports, repository } = world({ artifacts: [a1, a2] });
    await expect(pin({ ...asked, artifact }, ports)).rejects.toMatchObject({ code: "pin/not-released", message });
    expect(repository.commits).toHaveLength(1);
  });

  it("that was asked for with the same id before is not made again after it was lifted", async () => {
    const { ports, ask, repository } = world({ artifacts: [a1] });
    await promote(ask(), ports);
    const first = await pin({ ...asked, repeatable: true }, ports);
    await unpin({ ...asked, request: requestId("u-1") }, ports);
    const tip = repository.commits.length;
    expect(await pin({ ...asked, repeatable: true }, ports)).toMatchObject({ result: "changed", commit: first.commit });
    expect(repository.commits).toHaveLength(tip);
    expect(await pin({ ...asked, request: requestId("p-2"), repeatable: true }, ports)).toMatchObject({
      result: "changed",
    });
    expect(repository.commits).toHaveLength(tip + 1);
  });
});

describe("pins of several apps", () => {
  const [b1] = [artifactOf("api", 1)];

  async function two() {
    const made = world({ apps: ["web", "api", "idle"], artifacts: [a1, a2, b1] });
    const { ports, ask, repository } = made;
    for (const { app, id } of [a1, a2, b1]) await promote(ask({ apps: [app], artifact: id }), ports);
    const at = (app: string) => JSON.parse(repository.text(`.glu/${app}/staging.pin.json`) ?? "null");
    return { ...made, at };
  }

  it("are one commit, with a block of trailers for each", async () => {
    const { ports, repository, at } = await two();
    const before = repository.commits.length;
    expect(await pin({ ...asked, app: ["web", "api"] }, ports)).toMatchObject({ result: "changed" });
    expect(repository.commits).toHaveLength(before + 1);
    expect([at("web").artifact, at("api").artifact]).toEqual([a2.id, b1.id]);
    const message = repository.commits.at(-1)?.message ?? "";
    expect(message).toMatch(/^Pin 2 apps in staging\n\nweb in staging\napi in staging\n/);
    expect(parseTrailers(message).map(({ app, kind }) => [app, kind])).toEqual([
      ["web", "pin"],
      ["api", "pin"],
    ]);
    expect(await pin({ ...asked, app: ["web", "api"], request: requestId("p-2") }, ports)).toMatchObject({
      result: "unchanged",
    });
  });

  it("of all leave out those without a release there, and named ones must have it", async () => {
    const { ports, at } = await two();
    const { documents } = await pin({ ...asked, app: "all" }, ports);
    expect(documents.map(({ app }) => app)).toEqual(["web", "api"]);
    expect(at("idle")).toBeNull();
    await expect(pin({ ...asked, app: ["web", "idle"] }, ports)).rejects.toMatchObject({ code: "pin/not-released" });
    await expect(pin({ ...asked, app: "all", artifact: "9.9" }, ports)).rejects.toMatchObject({
      code: "pin/not-released",
      message: "9.9 was not released of any app in staging.",
    });
  });

  it("are lifted together, and what had ended is told", async () => {
    const { ports, clock, at } = await two();
    const until = timestamp(clock.time + 1000);
    await pin({ ...asked, app: "web", until }, ports);
    await pin({ ...asked, app: "api", request: requestId("p-2") }, ports);
    clock.time += 2000;
    const { result, ended } = await unpin({ ...asked, app: "all", request: requestId("u") }, ports);
    expect([result, ended.map(({ app }) => app)]).toEqual(["changed", ["web"]]);
    expect([at("web"), at("api")]).toEqual([null, null]);
    expect(await unpin({ ...asked, app: "all", request: requestId("v") }, ports)).toMatchObject({
      result: "unchanged",
    });
  });

  it("are told of once they have ended, until their files are gone", async () => {
    const { ports, clock } = await two();
    await pin({ ...asked, until: timestamp(clock.time + 1000) }, ports);
    const told = async () => endedNotices((await status({ apps: [], environments: [] }, ports)).rows);
    expect(await told()).toEqual([]);
    clock.time += 1000;
    expect(await told()).toEqual([
      "The pin of web in staging by ada ended by itself at 2026-11-21 07:00 UTC: incident. 'glu unpin web staging' removes its file.",
    ]);
    await unpin({ ...asked, request: requestId("u") }, ports);
    expect(await told()).toEqual([]);
  });
});
