import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { digestOf } from "../artifact/digest.ts";
import type { AnyGate } from "../gates/gate.ts";
import { defineGate, met, unmet } from "../gates/gate.ts";
import { freeze, unfreeze } from "../holds/freeze.ts";
import type { Artifact } from "../model/artifact.ts";
import { appName, envName, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { freezePath, pinPath, recordPath } from "../model/record.ts";
import { promote } from "../promote/promote.ts";
import { encodeDocument } from "../records/documents.ts";
import { artifactOf, environment, onMain, pipelineOf, storeOf, twoStages, world } from "../test-kit/memory.ts";
import { type Explained, explain } from "./explain.ts";

const [a1, a2, a3] = [artifactOf("web", 1), artifactOf("web", 2), artifactOf("web", 3)];
const ada = { name: "ada", verified: true };
const web = appName("web");
const [staging, production] = [envName("staging"), envName("production")];

function place(artifacts: readonly Artifact[], environments: readonly Environment[] = twoStages()) {
  const made = world({ artifacts, pipeline: pipelineOf(["web"], environments) });
  const { ports, ask } = made;
  return {
    ...made,
    why: (artifact = "latest", env = "production") =>
      explain({ app: "web", environment: env, artifact, actor: ada, request: requestId("asked") }, ports),
    release: (env: string, artifact: Artifact, reason?: string) =>
      promote(ask({ environments: [env], artifact: artifact.id, reason }), ports),
  };
}

const from = (...environments: string[]): Pick<Environment, "from"> => ({
  from: { mode: "all", environments: environments.map((name) => envName(name)) },
});

const unmetOf = ({ decision }: Explained) => decision.gates.filter(({ met }) => !met).map(({ code }) => code);
const ids = (all: readonly Explained[]) => all.map(({ artifact }) => artifact.id);

describe("why is it not in production?", () => {
  it("because it was not released upstream, and there because no policy takes it, in which key", async () => {
    const environments = [
      environment("test", { policy: [{ branch: ["release"] }] }),
      environment("staging", from("test")),
      environment("production", from("staging")),
    ];
    const { why } = place([a1], environments);
    const { artifacts, result, next } = await why();
    expect([result, next]).toEqual(["held", a1.id]);
    const [one] = artifacts;
    expect(unmetOf(one!)).toEqual(["from/not-eligible"]);
    expect(one?.onlyByRequest).toBe("has no policy: it is promoted by request");
    const [inStaging] = one!.upstream;
    expect([inStaging?.environment, unmetOf(inStaging!)]).toEqual(["staging", ["from/not-eligible"]]);
    const [inTest] = inStaging!.upstream;
    expect(inTest).toMatchObject({
      environment: "test",
      onlyByRequest: 'its branch is "main", and the policy wants release',
      decision: { result: "planned" },
      upstream: [],
    });
    expect(one?.passages.map(({ state }) => state)).toEqual(["never", "never", "never"]);
  });

  it("because the next one soaks, while a newer one is not upstream yet", async () => {
    const environments = [
      environment("staging", { policy: onMain }),
      environment("production", { ...from("staging"), gates: [{ name: "soak", options: "1h" }] }),
    ];
    const { why, release, clock } = place([a1, a2, a3], environments);
    await release("staging", a1);
    clock.time += 3_600_000;
    await release("production", a1);
    await release("staging", a2);
    clock.time += 600_000;
    const { artifacts, next, newest, result } = await why();
    expect({ next, newest, result }).toEqual({ next: a2.id, newest: a3.id, result: "held" });
    expect(ids(artifacts)).toEqual([a3.id, a2.id]);
    const [third, second] = artifacts;
    expect(unmetOf(second!)).toEqual(["soak/too-young"]);
    expect(second?.decision.gates.find(({ name }) => name === "soak")).toMatchObject({
      since: new Date(clock.time - 600_000).toISOString(),
      clearsAt: new Date(clock.time + 3_000_000).toISOString(),
      clearedBy: "time",
    });
    expect(second?.passages.map(({ state }) => state)).toEqual(["runs", "never"]);
    expect(unmetOf(third!)).toEqual(["from/not-eligible", "soak/not-started"]);
    // The policy of staging takes it at its next run.
    expect(third?.upstream).toMatchObject([{ environment: "staging", onlyByRequest: undefined, upstream: [] }]);
  });

  it("because an edge takes what runs upstream, and that is another one now", async () => {
    const environments = [
      environment("staging", { policy: onMain }),
      environment("production", { ...from("staging"), auto: "upstream" }),
    ];
    const { why, release } = place([a1, a2], environments);
    await release("staging", a1);
    await release("staging", a2);
    const { artifacts } = await why();
    expect(artifacts.map(({ artifact, onlyByRequest }) => [artifact.id, onlyByRequest])).toEqual([
      [a2.id, undefined],
      [a1.id, "another one runs in staging now"],
    ]);
    expect((await why(a1.id)).artifacts[0]?.onlyByRequest).toBe("another one runs in staging now");
  });

  it("because it is pinned, frozen, and was rejected upstream", async () => {
    const { why, release, repository } = place([a1, a2]);
    await release("staging", a1);
    await release("production", a1);
    await release("staging", a2);
    const hold = { reason: "incident 42", actor: ada, at: "2026-11-20T00:00:00.000Z", request: "r" };
    const { current: second, history, ...rest } = JSON.parse(repository.text(".glu/web/staging.json")!);
    const digest = `sha256:${"0".repeat(64)}`;
    const rejected = [{ artifact: a2.id, digest: digestOf(a2), ...hold }];
    // As a rollback leaves it.
    const record = { ...rest, current: history[0], history: [second, ...history], rejected };
    repository.push("hold", [
      {
        path: pinPath(web, production),
        content: encodeDocument({
          schema: "glu.pin.v1",
          app: "web",
          environment: "production",
          artifact: a1.id,
          digest,
          ...hold,
        }),
      },
      { path: freezePath("all"), content: encodeDocument({ schema: "glu.freeze.v1", scope: "all", ...hold }) },
      { path: recordPath(web, staging), content: encodeDocument(record) },
    ]);
    const { artifacts, board } = await why();
    const [one] = artifacts;
    expect(unmetOf(one!)).toEqual(["from/not-eligible", "pin/pinned", "freeze/frozen"]);
    expect(one?.passages[0]?.state).toBe("rejected");
    const [upstream] = one!.upstream;
    expect(unmetOf(upstream!)).toEqual(expect.arrayContaining(["rejected/rejected", "freeze/frozen"]));
    expect(board.find((row) => row.environment === production)).toMatchObject({ pin: { reason: "incident 42" } });
  });

  it("because nothing is newer than what runs there", async () => {
    const { why, release } = place([a1]);
    await release("staging", a1);
    await release("production", a1);
    expect(await why()).toMatchObject({ result: "unchanged", next: undefined, artifacts: [{ artifact: a1 }] });
  });

  it("because what runs there was changed by hand", async () => {
    const { why, release, repository } = place([a1]);
    await release("staging", a1);
    repository.push("by hand", [
      { path: "apps/web/staging.txt" as never, content: new TextEncoder().encode("a: 1\ntag: mine\n") },
    ]);
    const { result, artifacts } = await why("latest", "staging");
    expect([result, unmetOf(artifacts[0]!)]).toEqual(["held", ["drift/changed-by-hand"]]);
  });

  it("because there is no artifact", async () => {
    const none = { result: "none", artifacts: [], next: undefined, left: 0 };
    expect(await place([]).why()).toMatchObject({ ...none, none: "no artifact of web is there yet" });
    const onlyOfPullRequests = place([artifactOf("web", 1, { version: { ...a1.version, event: "pr" } })]);
    expect(await onlyOfPullRequests.why()).toMatchObject({
      ...none,
      none: expect.stringMatching(/^no artifact of web is one .* The newest is .*: it was built for a pull request$/),
    });
  });

  it("while an older one is, which the next run promotes", async () => {
    const soaking = { auto: "newest" as const, gates: [{ name: "soak", options: "1h" }] };
    const { why, release, clock, ports, ask } = place(
      [a1, a2, a3],
      [environment("staging", { policy: onMain }), environment("production", { ...from("staging"), ...soaking })],
    );
    for (const [artifact, minutes] of [
      [a1, 61],
      [a2, 61],
      [a3, 5],
    ] as const) {
      await release("staging", artifact);
      clock.time += minutes * 60_000;
    }
    const { artifacts, next, starts, result } = await why();
    expect({ next, starts, result }).toEqual({ next: a3.id, starts: a2.id, result: "held" });
    expect(artifacts.map(({ onlyByRequest }) => onlyByRequest)).toEqual([
      undefined,
      undefined,
      `${a2.id} is newer, and goes first`,
    ]);
    const run = await promote(ask({ environments: [], plan: true }), ports);
    expect(run.decisions.find(({ intent }) => intent.environment === production)?.intent.artifact.id).toBe(a2.id);
  });

  it("of one that was overtaken: nothing starts it, and what a request would come to", async () => {
    const { why, release, ports, ask } = place([a1, a2]);
    await release("staging", a2);
    const { artifacts, starts } = await why(a1.id, "staging");
    expect(starts).toBeUndefined();
    expect(artifacts[0]).toMatchObject({ onlyByRequest: "it was overtaken", decision: { result: "refused" } });
    const asked = await promote(ask({ environments: ["staging"], artifact: a1.id, plan: true }), ports);
    expect(asked.decisions[0]?.reason).toBe(artifacts[0]?.decision.reason);
  });

  it("of one that is older, where it was asked for", async () => {
    const { why, release } = place([a1, a2]);
    await release("staging", a2);
    await release("production", a2);
    const { artifacts, result } = await why(a1.id);
    expect([result, ids(artifacts)]).toEqual(["refused", [a1.id]]);
    expect(unmetOf(artifacts[0]!)).toEqual(["from/not-eligible", "order/older"]);
    expect(artifacts[0]?.upstream[0]).toMatchObject({
      onlyByRequest: "it was overtaken",
      decision: { result: "refused" },
    });
  });
});

describe("what waits", () => {
  const branch = (number: number, name: string, event: "push" | "pr" = "push") =>
    artifactOf("web", number, { version: { ...a1.version, branch: name, event, sha: `${number}`.repeat(40) } });

  it("is what the way to the environment takes, of other branches too, and never a pull request's build", async () => {
    const environments = [environment("staging", { policy: [{ branch: ["main", "hotfix"] }] }), twoStages()[1]!];
    const feature = branch(4, "feature");
    const hotfix = branch(5, "hotfix");
    const pull = branch(6, "main", "pr");
    const { why, release } = place([a1, a2, feature, hotfix, pull], environments);
    await release("staging", a1);
    await release("production", a1);
    expect(ids((await why()).artifacts)).toEqual([hotfix.id, a2.id]);
    // What was brought there by hand is on its way, whatever takes it.
    await release("staging", feature);
    expect(ids((await why()).artifacts)).toContain(feature.id);
  });

  it("is what nothing takes, where a branch was renamed, and the key that does not match is told", async () => {
    const { why, release } = place([a1, branch(4, "trunk"), branch(5, "trunk", "pr")]);
    await release("staging", a1);
    const { artifacts } = await why("latest", "staging");
    expect(artifacts.map(({ onlyByRequest }) => onlyByRequest)).toEqual([
      'its branch is "trunk", and the policy wants main',
    ]);
  });

  it("is bounded, and what is left out is counted", async () => {
    const many = Array.from({ length: 30 }, (_, index) => artifactOf("web", index + 1));
    const { why, release } = place(many);
    await release("staging", many[0]!);
    const { artifacts, left, next, newest } = await why();
    expect([artifacts.length, left]).toEqual([20, 10]);
    // The oldest is the next one, and is shown.
    expect([next, newest]).toEqual([many[0]!.id, many[29]!.id]);
    expect(ids(artifacts)).toContain(many[0]!.id);
  });
});

describe("explaining", () => {
  it("opens one tip, reads artifacts once, and writes nothing", async () => {
    const { why, ports, repository, release } = place([a1, a2, a3]);
    await release("staging", a1);
    const before = repository.commits.length;
    const open = vi.fn(() => repository.open());
    ports.repository = { ...ports.repository, location: "memory", open } as never;
    ports.repositoryOf = () => ports.repository;
    const store = storeOf([a1, a2, a3]);
    const read = vi.fn(store.read);
    ports.storesOf = () => [{ ...store, read }];
    await why();
    expect([open.mock.calls.length, read.mock.calls.length, repository.commits.length]).toEqual([1, 1, before]);
  });

  it("asks outside only about the next and the newest, and sets nothing going", async () => {
    const asked: string[] = [];
    const acted: string[] = [];
    const gate = (name: string, kind: "outside" | "acts", log: string[]) =>
      defineGate({
        name,
        options: undefined,
        outcome: "held",
        observes: kind,
        observe: ({ intent }) => log.push(intent.artifact.id),
        check: () =>
          kind === "outside" ? unmet("is not well", { clearedBy: "the people on duty" }) : met("went well"),
      }) as AnyGate;
    const gates = [
      { name: "health", options: undefined },
      { name: "smoke", options: undefined },
    ];
    const environments = [environment("staging", { policy: onMain }), { ...twoStages()[1]!, gates }];
    const { why, ports, release } = place([a1, a2, a3], environments);
    ports.gates = [gate("health", "outside", asked), gate("smoke", "acts", acted)];
    await release("staging", a1);
    const { artifacts } = await why();
    expect(asked.sort()).toEqual([a1.id, a3.id]);
    expect(acted).toEqual([]);
    expect(artifacts.map((one) => unmetOf(one).includes("health/unmet"))).toEqual([true, false, true]);
  });

  it("says of each artifact what a plan decides of it", async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("staging", "production"), fc.constantFrom(0, 1, 2)), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const artifacts = [a1, a2, a3];
        const { why, release, ports, ask } = place(artifacts);
        for (const [env, index] of all) await release(env, artifacts[index]!);
        const { artifacts: explained } = await why();
        for (const { artifact, decision } of explained) {
          const request = ask({ plan: true, environments: ["production"], artifact: artifact.id });
          const planned = (await promote(request, ports)).decisions[0]!;
          expect([decision.result, decision.reason, decision.gates]).toEqual([
            planned.result,
            planned.reason,
            planned.gates,
          ]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("starts what the next run promotes, and nothing else", async () => {
    const step = fc.oneof(
      fc
        .constantFrom("staging", "production", "freeze", "thaw")
        .chain((what) => fc.constantFrom(a1, a2, a3).map((artifact) => ({ what, artifact, minutes: 0 }))),
      fc.constantFrom(1, 40, 60).map((minutes) => ({ what: "time", artifact: a1, minutes })),
    );
    const edges: Partial<Environment>[] = [{ auto: "newest" }, { auto: "upstream" }, { policy: onMain }, {}];
    const gates = [{ name: "soak", options: "1h" }];
    const started: boolean[] = [];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...edges), fc.array(step, { maxLength: 10 }), async (edge, steps) => {
        const { why, release, clock, ports, ask, repository } = place(
          [a1, a2, a3],
          [
            environment("staging", { policy: onMain }),
            environment("production", { ...from("staging"), ...edge, gates }),
          ],
        );
        const hold = { scope: "production", reason: "sale", until: undefined, actor: ada };
        for (const [index, { what, artifact, minutes }] of steps.entries()) {
          clock.time += minutes * 60_000 + 1;
          const request = requestId(`step-${index}`);
          if (what === "freeze") await freeze({ ...hold, request }, ports);
          else if (what === "thaw") await unfreeze({ ...hold, request }, ports);
          else if (what !== "time") await release(what, artifact);
        }
        const before = (await repository.open()).commit;
        const { starts, artifacts } = await why();
        expect((await repository.open()).commit).toBe(before);
        const run = await promote(ask({ environments: [], plan: true }), ports);
        const planned = run.decisions.find(
          ({ intent, result }) => intent.environment === production && result === "planned",
        );
        expect(starts).toBe(planned?.intent.artifact.id);
        const byItself = artifacts.filter(
          ({ decision, onlyByRequest }) => decision.result === "planned" && onlyByRequest === undefined,
        );
        expect(byItself.map(({ artifact }) => artifact.id)).toEqual(starts === undefined ? [] : [starts]);
        started.push(starts !== undefined);
      }),
      { numRuns: 150 },
    );
    // Both kinds were seen.
    expect(new Set(started).size).toBe(2);
  });

  it.each([
    ["config/unknown-app", { app: "wep", environment: "staging" }],
    ["config/unknown-environment", { app: "web", environment: "nowhere" }],
    ["input/artifact", { app: "web", environment: "staging", artifact: "what" }],
    ["artifact/not-found", { app: "web", environment: "staging", artifact: "20260101t000000z-0123456789ab" }],
  ])("is refused as %s", async (code, asked) => {
    const { ports } = place([a1]);
    const request = { artifact: "latest", actor: ada, request: requestId("asked"), ...asked };
    await expect(explain(request, ports)).rejects.toMatchObject({ code });
  });
});
