import { expect, it } from "vitest";
import { appName, envName, repoPath, timestamp } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { Tips } from "../state/tips.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { cameBack } from "./came-back.ts";

const hour = 3_600_000;
const from = { mode: "all" as const, environments: [envName("staging")] };
const pipeline = pipelineOf(
  ["web"],
  [environment("staging", { policy: onMain }), environment("production", { from, propose: {} })],
);
const web = artifactOf("web", 1);
const path = repoPath(".glu/web/production.json");
const place = { app: appName("web"), environment: envName("production") };

/** A proposal that was merged an hour after it was made. */
async function merged(squash: boolean) {
  const made = world({ apps: ["web"], pipeline, artifacts: [web] });
  const { repository, ports, clock } = made;
  repository.now = () => clock.time;
  const forge = new MemoryForge(repository);
  ports.proposing = forge;
  for (const name of ["staging", "production"]) {
    await promote(made.ask({ apps: ["web"], environments: [name], artifact: web.id }), ports);
  }
  const before = repository.text(path);
  clock.time += hour;
  forge.merge(1, clock.now(), squash ? { message: "Promote web (#1)" } : { squash: false });
  const record = repository.text(path);
  const put = (text: string | undefined, message: string) => {
    clock.time += hour;
    return repository.push(message, [{ path, content: text === undefined ? undefined : bytes(text) }]);
  };
  const releasedAt = async () => {
    const tip = await repository.open();
    const merging = { merges: new Map(), ports };
    const options = { target: repository, tip, config: repository, configTip: tip, pipeline, merging };
    const tips = new Tips({ ...options, repositoryOf: ports.repositoryOf });
    await tips.load([place]);
    const { current } = tips.state().record(place.app, place.environment);
    return { at: Date.parse(current?.releasedAt ?? ""), isToBeWritten: tips.observed().length === 1 };
  };
  return { ...made, before, record, put, releasedAt, mergedAt: clock.time };
}

it.each([true, false])(
  "what was merged is released since then, whatever others change (squashed: %s)",
  async (squash) => {
    const { releasedAt, mergedAt, repository, clock } = await merged(squash);
    expect(await releasedAt()).toEqual({ at: mergedAt, isToBeWritten: true });
    for (const name of ["README.md", "other.md", "more.md"]) {
      clock.time += hour;
      repository.push("Write more", [{ path: repoPath(name), content: bytes("x") }]);
    }
    expect((await releasedAt()).at).toBe(mergedAt);
  },
);

it.each([true, false])("what was undone and came back is released since it is seen (squashed: %s)", async (squash) => {
  const { before, record, put, releasedAt, mergedAt, clock } = await merged(squash);
  put(before, 'Revert "Promote web (#1)"');
  put(record, 'Reapply "Promote web (#1)"');
  clock.time += hour;
  const { at } = await releasedAt();
  expect(at).toBe(clock.time);
  expect(at).toBeGreaterThan(mergedAt);
});

it("what is no record in between was undone as well", async () => {
  const { record, put, releasedAt, clock } = await merged(true);
  put("{", "Break it");
  put(record, "Mend it");
  expect((await releasedAt()).at).toBe(clock.time);
});

it("of several apps that one request proposed, another's merge is none of this one's", async () => {
  const { repository } = world({ apps: ["web", "api"], pipeline, artifacts: [web] });
  let time = hour;
  repository.now = () => time;
  const commit = (app: string, request: string) => {
    time += hour;
    const record = repoPath(`.glu/${app}/production.json`);
    const said = `Glu-Request: ${request}\nGlu-App: ${app}\nGlu-Environment: production\nGlu-Kind: promotion\nGlu-Actor: ada\n`;
    const content = bytes(JSON.stringify({ current: { request } }));
    return repository.push(`Promote ${app}\n\n${said}`, [{ path: record, content }]);
  };
  commit("api", "one");
  commit("web", "earlier");
  commit("web", "also-earlier");
  const head = commit("web", "one");
  const mergedAt = timestamp(time - 1000);
  time += hour;
  repository.push("Write more", [{ path: repoPath("README.md"), content: bytes("x") }]);
  const isThere = { app: appName("web"), environment: envName("production"), request: "one" };
  expect(await cameBack(await repository.open(), isThere, { head: `${head.slice(0, 39)}_`, mergedAt })).toBe(false);
});
