import { beforeEach, describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, type RefName } from "../model/names.ts";
import { exitCodeOf } from "../promote/exit-code.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { waitForMerges } from "./wait-for-merges.ts";

const staging = environment("staging", { policy: onMain });
const from = { mode: "all" as const, environments: [envName("staging")] };
const production = environment("production", { from, propose: {} });
const [web, api, newer] = [artifactOf("web", 1), artifactOf("api", 1), artifactOf("web", 2)];
const hour = 3_600_000;
const apps = ["web", "api"];

/** What happens at the n-th pause. */
let then: Map<number, () => unknown>;
let pauses: number[];
beforeEach(() => {
  then = new Map();
  pauses = [];
});

async function setting() {
  const made = world({ apps, pipeline: pipelineOf(apps, [staging, production]), artifacts: [web, api, newer] });
  const forge = new MemoryForge(made.repository);
  const said: string[] = [];
  made.ports.proposing = forge;
  made.ports.logger = { ...made.ports.logger, progress: (text) => said.push(text), info: (text) => said.push(text) };
  const sleep = made.clock.sleep.bind(made.clock);
  made.clock.sleep = async (ms: number) => {
    pauses.push(ms);
    await sleep(ms);
    await then.get(pauses.length)?.();
  };
  const to = (name: string, artifact: Artifact) =>
    promote(made.ask({ apps: [artifact.app], environments: [name], artifact: artifact.id }), made.ports);
  for (const one of [web, api]) await to("staging", one);
  const both = (set: boolean) => promote(made.ask({ apps, environments: ["production"], set }), made.ports);
  const wait = async (result: Awaited<ReturnType<typeof promote>>, patience = hour) => {
    said.splice(0);
    return waitForMerges(result, { ports: made.ports, patience });
  };
  return { ...made, forge, to, both, wait, said };
}

describe("waiting until what was proposed is merged", () => {
  it("ends with what was promoted, its commit and its time, and tells what it waits for", async () => {
    const { to, wait, forge, clock, said, repository } = await setting();
    const proposed = await to("production", web);
    then.set(3, () => forge.merge(1, clock.now()));
    const { result, decisions, board } = await wait(proposed);
    expect(result).toBe("promoted");
    const mergedAt = forge.proposals[0]?.mergedAt;
    expect(decisions).toMatchObject([
      { result: "promoted", reason: "#1 was merged", commit: repository.commits.at(-1)?.id, proposal: { number: 1 } },
    ]);
    expect(decisions[0]?.release?.releasedAt).toBe(mergedAt);
    expect(board.find((row) => row.app === "web" && row.environment === "production")?.release?.artifact.id).toBe(
      web.id,
    );
    expect(said[0]).toMatch(/^Waiting until #1 \(https:\/\/forge\.test\/1\) is merged: .* of 1 ?h/);
    expect(pauses).toHaveLength(3);
  });

  it("names the merge commit, which says nothing of what it merged", async () => {
    const { to, wait, forge, clock, repository } = await setting();
    const proposed = await to("production", web);
    then.set(1, () => forge.merge(1, clock.now(), { squash: false }));
    const { decisions, commits } = await wait(proposed);
    const commit = repository.commits.at(-1)?.id;
    expect(decisions).toMatchObject([{ result: "promoted", commit }]);
    expect(commits).toEqual([{ location: repository.location, branch: repository.branch, commit }]);
  });

  it("waits for each of several, and for a set as one", async () => {
    for (const set of [false, true]) {
      const { both, wait, forge, clock } = await setting();
      const proposed = await both(set);
      then = new Map([[1, () => forge.merge(1, clock.now())]]);
      if (!set) then.set(2, () => forge.merge(2, clock.now()));
      pauses = [];
      const { result, decisions } = await wait(proposed);
      expect([result, decisions.length, pauses.length]).toEqual(["promoted", 2, set ? 1 : 2]);
    }
  });

  it("is not over before the record is at the tip of the config branch", async () => {
    const { to, wait, forge, clock, repository } = await setting();
    const proposed = await to("production", web);
    const open = repository.open.bind(repository);
    const old = await open();
    forge.merge(1, clock.now());
    repository.open = async () => old;
    then.set(4, () => {
      repository.open = open;
    });
    expect((await wait(proposed)).result).toBe("promoted");
    expect(pauses).toHaveLength(4);
  });

  it("gives up after its time, which is held, and the proposal stays", async () => {
    const { to, wait, forge } = await setting();
    const { result, decisions, ...rest } = await wait(await to("production", web), hour);
    expect(result).toBe("held");
    expect(decisions[0]?.gates.at(-1)).toMatchObject({
      code: "proposal/not-merged",
      seen: expect.stringMatching(/^#1 was not merged within 1 ?h/),
      clearedBy: "merging #1",
    });
    expect(decisions[0]).toMatchObject({ proposal: { number: 1 }, commit: undefined });
    expect(exitCodeOf({ decisions, undecided: rest.undecided }, "fail")).toBe(3);
    expect(forge.proposals).toMatchObject([{ state: "open" }]);
    expect(pauses.reduce((all, one) => all + one)).toBe(hour);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
  });

  it("ends when people close it", async () => {
    const { to, wait, forge } = await setting();
    const proposed = await to("production", web);
    then.set(2, () => forge.closeByHand(1));
    const { decisions } = await wait(proposed);
    expect(decisions).toMatchObject([{ result: "held", reason: expect.stringContaining("somebody closed") }]);
    expect(decisions[0]?.gates.at(-1)).toMatchObject({ code: "proposal/closed" });
  });

  it("ends when a newer artifact takes its place, and when another proposal does", async () => {
    const one = await setting();
    const proposed = await one.to("production", web);
    then.set(1, async () => {
      await one.to("staging", newer);
      await one.to("production", newer);
    });
    expect((await one.wait(proposed)).decisions).toMatchObject([
      { result: "superseded", reason: "#1 brings another artifact by now" },
    ]);
    const other = await setting();
    const single = await other.to("production", web);
    pauses = [];
    then = new Map([[1, () => other.both(true)]]);
    expect((await other.wait(single)).decisions).toMatchObject([{ result: "superseded" }]);
  });

  it("goes on when people write to the branch, who may merge it", async () => {
    const { to, wait, forge, clock, repository } = await setting();
    const proposed = await to("production", web);
    const branch = "refs/heads/glu/production/web" as RefName;
    then.set(1, () => {
      repository.proposed.set(branch, { ...repository.proposed.get(branch)!, commit: "b".repeat(40) as never });
    });
    then.set(2, () => forge.merge(1, clock.now()));
    expect((await wait(proposed)).result).toBe("promoted");
  });

  it("goes on when the forge cannot be asked for a while, and ends when it never can", async () => {
    const { to, wait, forge, clock, said } = await setting();
    const proposed = await to("production", web);
    const of = forge.of.bind(forge);
    const failing = (error: Error) => () => ({
      ...of(),
      of: async () => {
        throw error;
      },
    });
    forge.of = failing(new OutsideError("forge/unreachable", "It is busy.", { transient: true }));
    then.set(2, () => {
      forge.of = of;
      forge.merge(1, clock.now());
    });
    expect((await wait(proposed)).result).toBe("promoted");
    expect(said).toContain("Whether #1 was merged could not be asked: It is busy. Trying again.");
    forge.of = failing(new UserError("proposal/unauthorised", "The token is not accepted."));
    expect((await wait(proposed)).decisions).toMatchObject([
      { result: "held", reason: "whether #1 was merged could not be asked: The token is not accepted." },
    ]);
  });

  it("waits for nothing where nothing was proposed", async () => {
    const { to, wait } = await setting();
    const staged = await to("staging", newer);
    expect(await wait(staged)).toEqual(staged);
    expect(pauses).toEqual([]);
  });
});
