import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GluError } from "../errors.ts";
import { explain } from "../explain/explain.ts";
import type { Artifact } from "../model/artifact.ts";
import { type EnvName, envName, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { promote } from "./promote.ts";

const staging = envName("staging");

function setting(more: Partial<Environment> = {}, apps = ["api", "web", "worker"]) {
  const artifacts: Artifact[] = [];
  const environments = [
    environment("staging", { policy: onMain }),
    environment("production", {
      from: { mode: "all", environments: [staging] },
      auto: "upstream",
      set: true,
      ...more,
    }),
  ];
  const made = world({ apps, pipeline: pipelineOf(apps, environments), artifacts });
  let runs = 0;
  const run = (only: string[] = []) => {
    const prefix = `run-${++runs}`;
    return reconcile(
      {
        ...{ apps: only, environments: [], plan: false, author: undefined, commitMessage: undefined, again: false },
        actor: { name: "glu", verified: true },
        requestOf: (name: EnvName) => requestId(`${prefix}-${name}`),
      },
      made.ports,
    );
  };
  const build = (app: string, number: number, more: Parameters<typeof artifactOf>[2] = {}) => {
    const artifact = artifactOf(app, number, more);
    artifacts.push(artifact);
    return artifact;
  };
  const running = (name: string) =>
    Object.fromEntries(
      apps.map((app) => {
        const text = made.repository.text(`.glu/${app}/${name}.json`);
        const current = text === undefined ? undefined : JSON.parse(text).current;
        return [app, current?.artifact.images.web.tag];
      }),
    );
  const deployed = (app: string, artifact: Artifact) =>
    promote(made.ask({ apps: [app], environments: ["staging"], artifact: artifact.id }), made.ports);
  return { ...made, artifacts, run, build, running, deployed };
}

describe("an environment that takes what its upstream runs together", () => {
  it("gets that combination in one commit", async () => {
    const { run, build, running, repository } = setting();
    for (const [app, number] of [
      ["api", 1],
      ["web", 2],
      ["worker", 3],
    ] as const)
      build(app, number);
    await run();
    expect(running("production")).toEqual({ api: "1.1", web: "1.2", worker: "1.3" });
    expect(repository.commits.at(-1)?.message.split("\n")[0]).toBe("Promote api, web, worker to production");
  });

  it("takes what runs upstream, and not what is newest", async () => {
    const { run, build, running, ports, ask, repository } = setting();
    build("api", 1);
    const [old] = [build("web", 1)];
    await run();
    build("web", 2);
    await promote(ask({ apps: ["web"], environments: ["staging"] }), ports);
    await promote(
      ask({
        apps: ["web"],
        environments: ["staging"],
        rollback: { target: { kind: "steps", count: 1 }, pin: undefined, exact: false, directly: false },
      }),
      ports,
    );
    expect(running("staging").web).toBe(old.images.web?.tag);
    const { length } = repository.commits;
    await run(["api"]);
    expect(running("production")).toEqual({ api: "1.1", web: "1.1", worker: undefined });
    expect(repository.commits).toHaveLength(length);
  });

  it("gets nothing while one of them is held, and says which", async () => {
    const { run, build, running, repository, clock } = setting({ gates: [{ name: "soak", options: "30m" }] });
    build("api", 1);
    await run();
    clock.time += 20 * 60_000;
    build("web", 1);
    await run();
    clock.time += 15 * 60_000;
    const { decisions } = await run();
    expect(running("production")).toEqual({ api: undefined, web: undefined, worker: undefined });
    const api = decisions.find(({ intent }) => intent.app === "api" && intent.environment === "production");
    expect(api).toMatchObject({ result: "held", reason: "moves with its set, and web in production is held" });
    expect(api?.gates.filter(({ met }) => !met)).toMatchObject([
      { name: "set", code: "set/incomplete", clearedBy: "the others" },
    ]);
    clock.time += 15 * 60_000;
    await run();
    expect(running("production")).toEqual({ api: "1.1", web: "1.1", worker: undefined });
    expect(repository.commits.at(-1)?.message.split("\n")[0]).toBe("Promote api, web to production");
  });

  it("gets nothing when one of them is not accepted there, which is said", async () => {
    const { run, build, running } = setting({ accept: [{ message: ["feat*"] }] });
    const { version } = artifactOf("web", 1);
    build("web", 1, { version: { ...version, message: "feat: faster" } });
    build("api", 1);
    const { decisions, passedOver } = await run();
    expect(running("staging")).toEqual({ api: "1.1", web: "1.1", worker: undefined });
    expect(running("production")).toEqual({ api: undefined, web: undefined, worker: undefined });
    expect(passedOver).toMatchObject([{ app: "api", environment: "production" }, { app: "worker" }, { app: "worker" }]);
    expect(decisions.find(({ intent }) => intent.environment === "production")).toMatchObject({
      intent: { app: "web" },
      result: "held",
      reason: expect.stringContaining("api in production is left alone: is not accepted"),
    });
  });

  it("refuses another artifact than the one that runs upstream", async () => {
    const { run, build, ports, ask, deployed } = setting({ auto: undefined });
    const first = build("web", 1);
    await run();
    await deployed("web", build("web", 2));
    const { decisions } = await promote(
      ask({ apps: ["web"], environments: ["production"], artifact: first.id }),
      ports,
    );
    expect(decisions).toMatchObject([{ result: "refused" }]);
    expect(decisions[0]?.gates.filter(({ met }) => !met)).toMatchObject([{ name: "set", code: "set/other" }]);
  });

  it("is not promoted to in part: neither by name nor by a run of one app", async () => {
    const { run, build, running, ports, ask } = setting({ auto: undefined });
    build("web", 1);
    build("api", 1);
    await run();
    const { decisions, result } = await promote(ask({ apps: ["web"], environments: ["production"] }), ports);
    expect(result).toBe("held");
    expect(decisions.map(({ intent }) => intent.app)).toEqual(["web"]);
    expect(decisions[0]?.gates.filter(({ met }) => !met)).toMatchObject([
      { code: "set/partial", seen: "production takes all that moves at once, and api would be left behind" },
    ]);
    expect(running("production").web).toBeUndefined();
    expect((await promote(ask({ apps: [], environments: ["production"] }), ports)).result).toBe("promoted");
    // When the others are there already, one may be named.
    build("web", 2);
    await promote(ask({ apps: ["web"], environments: ["staging"] }), ports);
    expect((await promote(ask({ apps: ["web"], environments: ["production"] }), ports)).result).toBe("promoted");
    expect(running("production")).toEqual({ api: "1.1", web: "1.2", worker: undefined });
  });

  it("is held whole by a pin of one app, and one app may go back alone", async () => {
    const { run, build, running, ports, ask } = setting();
    for (const app of ["api", "web"]) build(app, 1);
    await run();
    for (const app of ["api", "web"]) build(app, 2);
    await run();
    expect(running("production")).toEqual({ api: "1.2", web: "1.2", worker: undefined });
    const rollback = {
      target: { kind: "steps", count: 1 },
      pin: { until: undefined },
      override: [],
      exact: false,
      directly: false,
    } as const;
    const back = await promote(ask({ apps: ["web"], environments: ["production"], rollback }), ports);
    expect(back.result).toBe("promoted");
    expect(running("production")).toEqual({ api: "1.2", web: "1.1", worker: undefined });
    build("api", 3);
    await run();
    expect(running("staging").api).toBe("1.3");
    expect(running("production")).toEqual({ api: "1.2", web: "1.1", worker: undefined });
  });

  it("is proposed as one", async () => {
    const made = setting({ propose: {} });
    const forge = new MemoryForge(made.repository);
    Object.assign(made.ports, { proposing: forge });
    for (const app of ["api", "web"]) made.build(app, 1);
    await made.run();
    expect(forge.proposals.map(({ title }) => title)).toEqual(["api, web"]);
    forge.merge(1, made.clock.now());
    expect(made.running("production")).toEqual({ api: "1.1", web: "1.1", worker: undefined });
  });

  it("is explained for one app as the run of all decides it", async () => {
    const { run, build, ports, deployed, clock } = setting({ gates: [{ name: "soak", options: "30m" }] });
    build("web", 1);
    await run();
    clock.time += 31 * 60_000;
    await deployed("api", build("api", 1));
    const asked = { environment: "production", artifact: "latest", actor: { name: "ada", verified: true } };
    const request = requestId("e");
    const web = await explain({ ...asked, app: "web", request }, ports);
    expect(web.artifacts[0]?.decision).toMatchObject({
      result: "held",
      reason: expect.stringContaining("api in production is held"),
    });
    clock.time += 31 * 60_000;
    const later = await explain({ ...asked, app: "web", request }, ports);
    expect(later.artifacts[0]?.decision.result).toBe("planned");
  });
});

describe("whatever happens upstream", () => {
  const app = fc.constantFrom("api", "web", "worker");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("build" as const), app }),
    fc.record({ kind: fc.constant("deploy" as const), app, back: fc.nat(3) }),
    fc.record({ kind: fc.constant("back" as const), app }),
    fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 5, max: 60 }) }),
    fc.record({ kind: fc.constant("one" as const), app }),
    fc.constant({ kind: "run" as const }),
  );

  it("production runs a combination that staging ran at one moment", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const made = setting({ gates: [{ name: "soak", options: "30m" }] });
        const { ports, ask, artifacts } = made;
        const combinations = new Set<string>();
        const upstream = () => void combinations.add(JSON.stringify(made.running("staging")));
        let number = 0;
        upstream();
        for (const one of steps) {
          const tried = async (request: Parameters<typeof ask>[0]) => {
            await promote(ask(request), ports).catch((error: unknown) => {
              if (!(error instanceof GluError)) throw error;
            });
          };
          if (one.kind === "build") made.build(one.app, ++number);
          else if (one.kind === "time") made.clock.time += one.minutes * 60_000;
          else if (one.kind === "run") await made.run();
          else if (one.kind === "one") await tried({ apps: [one.app], environments: ["production"] });
          else if (one.kind === "back") {
            const target = { kind: "steps", count: 1 } as const;
            const rollback = { target, pin: undefined, exact: false, directly: false };
            await tried({ apps: [one.app], environments: ["staging"], rollback });
          } else {
            const artifact = artifacts.filter((it) => it.app === one.app).at(-1 - one.back);
            if (artifact) await tried({ apps: [one.app], environments: ["staging"], artifact: artifact.id });
          }
          upstream();
          const there = made.running("production");
          if (Object.values(there).every((tag) => tag === undefined)) continue;
          // What staging ran beside an app that was not there yet counts, too.
          expect([...combinations]).toContain(JSON.stringify(there));
        }
      }),
      { numRuns: 80 },
    );
  });
});
