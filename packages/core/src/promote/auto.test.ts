import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, repoPath } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import type { HttpAnswer, HttpQuestion, WorkflowRunner } from "../ports/outside.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { promote } from "./promote.ts";

const [a1, a2, a3] = [artifactOf("web", 1), artifactOf("web", 2), artifactOf("web", 3)];
const minute = 60_000;
const soaked = [{ name: "soak", options: "30m" }];

function stages(production: Partial<Environment>, more: readonly Environment[] = []) {
  const from = { mode: "all" as const, environments: [envName("staging")] };
  const artifacts: Artifact[] = [];
  const pipeline = pipelineOf(
    ["web"],
    [environment("staging", { policy: onMain }), environment("production", { from, ...production }), ...more],
  );
  const made = world({ pipeline, artifacts });
  const read = (name: string): ReleaseRecord | null =>
    JSON.parse(made.repository.text(`.glu/web/${name}.json`) ?? "null");
  const runs = (name: string) => read(name)?.current?.artifact.id;
  /** A run by the policies, after some minutes. */
  const run = async (minutes = 0) => {
    made.clock.time += minutes * minute;
    return promote(made.ask(), made.ports);
  };
  /** By hand, at once. */
  const put = (artifact: Artifact, name: string) =>
    promote(made.ask({ environments: [name], artifact: artifact.id }), made.ports);
  return { ...made, artifacts, run, put, runs, read };
}

describe("an automatic edge", () => {
  it("takes the newest that upstream released, and never what the same commit is about to release", async () => {
    const { artifacts, run, runs } = stages({ auto: "newest" });
    artifacts.push(a1);
    await run();
    expect([runs("staging"), runs("production")]).toEqual([a1.id, undefined]);
    artifacts.push(a2);
    await run();
    expect([runs("staging"), runs("production")]).toEqual([a2.id, a1.id]);
    await run();
    expect(runs("production")).toBe(a2.id);
  });

  it("has the newest tested and no older one, and takes an older one that was tested before", async () => {
    const tested = [{ name: "workflow", options: { file: "smoke.yml", wait: "0s" } }];
    const { artifacts, put, run, runs, ports } = stages({ auto: "newest", gates: tested });
    const started: string[] = [];
    const succeeded: Artifact[] = [];
    const workflows: WorkflowRunner = {
      find: async (_, { text }) =>
        succeeded.some(({ id }) => text.includes(id))
          ? { id: "1", url: undefined, state: "succeeded", startedAt: 0 }
          : undefined,
      start: async (_, { text }) => {
        started.push(text.split("/")[2] ?? "");
        return undefined;
      },
    };
    ports.outside = { ...ports.outside, workflows };
    artifacts.push(a1, a2);
    await put(a1, "staging");
    await put(a2, "staging");
    await run();
    expect([started, runs("production")]).toEqual([[a2.id], undefined]);
    succeeded.push(a1);
    await run();
    expect([new Set(started), runs("production")]).toEqual([new Set([a2.id]), a1.id]);
  });

  it("is not starved by steady traffic: what has soaked goes while a newer one is held, which is told", async () => {
    const { artifacts, run, put, runs } = stages({ auto: "newest", gates: soaked });
    artifacts.push(a1, a2, a3);
    await put(a1, "staging");
    await run(31);
    const { decisions, passedOver } = await run(1);
    expect([runs("staging"), runs("production")]).toEqual([a3.id, a1.id]);
    expect(decisions.at(-1)).toMatchObject({ result: "held", intent: { artifact: { id: a3.id } } });
    expect(passedOver).toEqual([]);
    const other = stages({ auto: "newest", gates: soaked });
    other.artifacts.push(a1, a2);
    await other.put(a1, "staging");
    other.clock.time += 31 * minute;
    await other.put(a2, "staging");
    const told = await other.run(1);
    expect(told.decisions.at(-1)).toMatchObject({ result: "promoted", intent: { artifact: { id: a1.id } } });
    expect(told.passedOver).toContainEqual({
      app: "web",
      environment: "production",
      artifact: a2.id,
      reason: "it is newer, and held: has been upstream for 1m of 30m",
    });
  });

  it("records what upstream released and it overtook, and nothing else", async () => {
    const { artifacts, run, put, read } = stages({ auto: "newest" });
    const never = artifactOf("web", 4);
    const last = artifactOf("web", 5);
    artifacts.push(a1, a2, a3, never, last);
    for (const artifact of [a1, a2, a3]) await put(artifact, "staging");
    await put(a1, "production");
    await put(last, "staging");
    await run();
    expect(read("production")?.current).toMatchObject({ artifact: { id: last.id }, superseded: [a2.id, a3.id] });
  });

  it("with a policy takes what of it upstream released", async () => {
    const { artifacts, run, runs } = stages({ auto: "newest", policy: [{ tag: ["v*"] }] });
    const tagged = artifactOf("web", 2, { version: { ...a2.version, tag: "v2" } });
    artifacts.push(a1);
    await run();
    await run();
    expect(runs("production")).toBeUndefined();
    artifacts.push(tagged);
    await run();
    await run();
    expect(runs("production")).toBe(tagged.id);
  });

  it("never takes what failed upstream", async () => {
    const { artifacts, run, runs, repository } = stages({ auto: "newest" });
    artifacts.push(a1);
    await run();
    const path = repoPath(".glu/web/staging.json");
    const failed = repository.text(path)!.replace('"state": "committed"', '"state": "failed"');
    repository.push("Verification failed", [{ path, content: bytes(failed) }]);
    const { passedOver } = await run();
    expect(runs("production")).toBeUndefined();
    expect(passedOver).toMatchObject([{ environment: "production", reason: expect.stringContaining("no artifact") }]);
  });

  it("that follows upstream takes what runs there now, and nothing that it ran before", async () => {
    const { artifacts, run, put, runs, clock } = stages({ auto: "upstream", gates: soaked });
    artifacts.push(a1, a2);
    await put(a1, "staging");
    clock.time += 31 * minute;
    await put(a2, "staging");
    const { decisions } = await run(1);
    expect(decisions.at(-1)).toMatchObject({ result: "held", intent: { artifact: { id: a2.id } } });
    expect(runs("production")).toBeUndefined();
    await run(30);
    expect(runs("production")).toBe(a2.id);
  });

  it("that follows upstream takes nothing else by itself, also when the artifact is named; by request it does", async () => {
    const { artifacts, put, ask, ports, run, runs } = stages({ auto: "upstream" });
    artifacts.push(a1, a2);
    await put(a1, "staging");
    await put(a2, "staging");
    const { passedOver } = await promote(ask({ artifact: a1.id }), ports);
    expect(runs("production")).toBeUndefined();
    expect(passedOver).toMatchObject([
      { environment: "production", artifact: a1.id, reason: "another one runs in staging now" },
    ]);
    await put(a1, "production");
    expect(runs("production")).toBe(a1.id);
    await run();
    expect(runs("production")).toBe(a2.id);
  });

  it("that follows upstream finds what it did, also when upstream has moved on since", async () => {
    const { artifacts, put, ask, ports } = stages({ auto: "upstream" });
    artifacts.push(a1, a2);
    await put(a1, "staging");
    const request = ask({ artifact: a1.id });
    await promote(request, ports);
    await put(a2, "staging");
    const { decisions } = await promote({ ...request, again: true }, ports);
    expect(decisions.at(-1)).toMatchObject({
      intent: { environment: "production" },
      result: "promoted",
      repeated: true,
    });
  });

  it("that follows several upstreams waits until all of them run the same", async () => {
    const from = { mode: "all" as const, environments: [envName("blue"), envName("green")] };
    const upstreams = [environment("blue"), environment("green")];
    const { artifacts, run, put, runs } = stages({ from, auto: "upstream" }, upstreams);
    artifacts.push(a1, a2);
    await put(a1, "green");
    await put(a1, "blue");
    await put(a2, "blue");
    await run();
    expect(runs("production")).toBeUndefined();
    await put(a2, "green");
    await run();
    expect(runs("production")).toBe(a2.id);
  });

  it("never goes back by itself", async () => {
    const from = { mode: "any" as const, environments: [envName("blue"), envName("green")] };
    const { artifacts, run, put, runs } = stages({ from, auto: "newest" }, [environment("blue"), environment("green")]);
    artifacts.push(a1, a2);
    await put(a2, "blue");
    await run();
    await put(a1, "green");
    const { decisions } = await run();
    expect(runs("production")).toBe(a2.id);
    expect(decisions.at(-1)).toMatchObject({ result: "unchanged" });
  });

  describe("with a gate that asks a server", () => {
    const asking = (url: string) => [{ name: "http", options: { url, retries: 0 } }];
    const [older, newer] = ["1.1", "1.2"];

    /** Two artifacts upstream, one behind the other; what the server was asked, and what was decided. */
    async function decided(url: string, answer: (asked: string) => Promise<HttpAnswer>) {
      const { artifacts, put, run, ports } = stages({ auto: "newest", gates: asking(url) });
      const asked: string[] = [];
      const ask = (question: HttpQuestion) => {
        asked.push(question.url);
        return answer(question.url);
      };
      ports.outside = { ...ports.outside, http: { ask } };
      artifacts.push(a1, a2);
      await put(a1, "staging");
      await put(a2, "staging");
      const { decisions } = await run();
      return { asked, decision: decisions.at(-1) };
    }
    const says = async (status: number): Promise<HttpAnswer> => ({ status, headers: {}, body: "" });
    const silent = async () => {
      throw new OutsideError("http/timeout", "It did not answer in time.", { transient: true });
    };

    it("asks for no older one while nobody answers: every one of them would wait as long", async () => {
      const { asked, decision } = await decided("https://status.test/{{tag}}", silent);
      expect(asked).toEqual([`https://status.test/${newer}`]);
      expect(decision).toMatchObject({ result: "held", intent: { artifact: { id: a2.id } } });
      expect(decision?.gates.find(({ name }) => name === "http")).toEqual(
        expect.not.objectContaining({ concerns: expect.anything() }),
      );
    });

    it("asks for an older one what the server says of the newest alone", async () => {
      const answer = (url: string) => says(url.endsWith(newer) ? 500 : 200);
      const { asked, decision } = await decided("https://status.test/{{tag}}", answer);
      expect(asked).toEqual([`https://status.test/${newer}`, `https://status.test/${older}`]);
      expect(decision).toMatchObject({ result: "promoted", intent: { artifact: { id: a1.id } } });
    });

    it("asks the same question once, for whichever of them", async () => {
      const { asked, decision } = await decided("https://status.test/alerts", () => says(409));
      expect(asked).toEqual(["https://status.test/alerts"]);
      expect(decision).toMatchObject({ result: "held", intent: { artifact: { id: a2.id } } });
    });
  });

  it("asks for no older one where the place itself is held", async () => {
    const { artifacts, put, ask, ports, clock, repository } = stages({ auto: "newest", gates: soaked });
    artifacts.push(a1, a2);
    await put(a1, "staging");
    clock.time += 31 * minute;
    await put(a2, "staging");
    const hold = { scope: "production", reason: "sale", until: undefined, request: ask().request, actor: ask().actor };
    await freeze(hold, ports);
    const commits = repository.commits.length;
    const { decisions } = await promote(ask(), ports);
    expect(decisions.at(-1)).toMatchObject({ result: "held", intent: { artifact: { id: a2.id } } });
    expect(repository.commits).toHaveLength(commits);
  });
});

describe("between branches, which have no order", () => {
  const onBoth = [{ event: ["push"], branch: ["main", "hotfix/**"] }];
  const hotfix = artifactOf("web", 2, { version: { ...a2.version, branch: "hotfix/a" } });

  it("what was committed later may go while the newest is held, and nothing goes back to what was committed before", async () => {
    const { artifacts, put, run, runs, clock } = stages({ auto: "newest", gates: soaked });
    artifacts.push(a1);
    await put(a1, "staging");
    await run(31);
    artifacts.push(hotfix);
    await put(hotfix, "staging");
    clock.time += 31 * minute;
    artifacts.push(a3);
    await put(a3, "staging");
    await run(1);
    expect([runs("staging"), runs("production")]).toEqual([a3.id, hotfix.id]);
    const back = stages({ auto: "newest", gates: soaked });
    const older = artifactOf("web", 1, { version: { ...a1.version, branch: "hotfix/b" } });
    back.artifacts.push(a2, older);
    await back.put(a2, "staging");
    await back.run(31);
    await back.put(older, "staging");
    back.clock.time += 31 * minute;
    back.artifacts.push(a3);
    await back.put(a3, "staging");
    const { decisions } = await back.run(1);
    expect(decisions.at(-1)).toMatchObject({ result: "held", intent: { artifact: { id: a3.id } } });
    expect(back.runs("production")).toBe(a2.id);
  });

  it("what a later one overtook is recorded as superseded", async () => {
    const { artifacts, put, run, read } = stages({ from: undefined, policy: onBoth });
    const before = artifactOf("web", 0, { version: { ...a1.version, branch: "hotfix/b" } });
    artifacts.push(before, a1);
    await put(a1, "production");
    artifacts.push(hotfix, a3);
    await run();
    expect(read("production")?.current).toMatchObject({ artifact: { id: a3.id }, superseded: [hotfix.id] });
  });
});

describe("a policy with an upstream and a gate", () => {
  it("is not starved either", async () => {
    const { artifacts, put, run, runs } = stages({ policy: onMain, gates: soaked });
    artifacts.push(a1, a2);
    await put(a1, "staging");
    await run(31);
    expect([runs("staging"), runs("production")]).toEqual([a2.id, a1.id]);
  });
});
