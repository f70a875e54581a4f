import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { type AnyGate, defineGate } from "../gates/gate.ts";
import { soak } from "../gates/soak.ts";
import { freeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import type { Artifact } from "../model/artifact.ts";
import { type AppName, envName, repoPath, requestId, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ReconcileMemory, Told } from "../ports/reconcile-memory.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, storeOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { reconcileUnlessQuiet } from "./unless-quiet.ts";

const minute = 60_000;
const hour = 60 * minute;
const soaking = (): Environment[] => [
  environment("staging", { policy: onMain }),
  environment("production", {
    from: { mode: "all", environments: [envName("staging")] },
    auto: "newest",
    gates: [{ name: "soak", options: "30m" }],
  }),
];

/** A world whose memory is the tip and the number of artifacts. */
function setting(environments = soaking(), artifacts: Artifact[] = [artifactOf("web", 1)]) {
  const made = world({ pipeline: pipelineOf(["web"], environments), artifacts });
  made.ports.storesOf = () => [{ ...storeOf(artifacts), location: made.repository.location }];
  const remembered: { key: string; until: number; told: Told }[] = [];
  const key = () => `${made.repository.commits.length} ${artifacts.length}`;
  const memory: ReconcileMemory = {
    recall: async () => ({
      key: key(),
      branch: made.repository.branch,
      mayBeProposed: false,
      quiet: remembered.findLast((one) => one.key === key()),
    }),
    remember: async (name, until, told) => void remembered.push({ key: name, until, told }),
    cost: () => ({ way: "memory" }),
  };
  let runs = 0;
  const run = (more: { plan?: boolean; look?: boolean } = {}) => {
    const prefix = `run-${++runs}`;
    const request = {
      ...{
        apps: [],
        environments: [],
        plan: false,
        look: false,
        author: undefined,
        commitMessage: undefined,
        again: false,
      },
      actor: { name: "ada", verified: true },
      requestOf: (name: string) => requestId(`${prefix}-${name}`),
      ...more,
    };
    return reconcileUnlessQuiet(request, made.ports, memory);
  };
  return { ...made, artifacts, remembered, run, memory };
}

const isQuiet = (result: object) => "kind" in result && result.kind === "quiet";

describe("a reconciliation that remembers", () => {
  it("is never quiet while a proposal is open: people may write to it, and a gate that is met may close again", async () => {
    const artifact = artifactOf("web", 1);
    const environments = [environment("staging", { policy: onMain, propose: {} })];
    const { run, ports, repository, remembered, clock } = setting(environments, [artifact]);
    const forge = new MemoryForge(repository);
    const statuses = new MemoryStatuses();
    Object.assign(ports, { proposing: forge, statuses });
    expect(await run()).toMatchObject({ result: "proposed", proposals: 1 });
    expect(isQuiet(await run())).toBe(false);
    expect(isQuiet(await run())).toBe(false);
    expect(remembered).toEqual([]);
    forge.merge(1, clock.now());
    await run(); // It writes down when that was.
    expect(await run()).toMatchObject({ result: "unchanged", proposals: 0 });
    expect(isQuiet(await run())).toBe(true);
  });

  it("is quiet until something clears by itself, and looks then", async () => {
    const { run, remembered, clock, repository } = setting();
    expect(isQuiet(await run())).toBe(false);
    expect(remembered).toEqual([]);
    const idle = await run();
    expect(isQuiet(idle)).toBe(false);
    expect(remembered.map(({ until }) => until)).toEqual([clock.time + 30 * minute]);
    const looked = timestamp(clock.time);
    clock.time += 29 * minute;
    const soon = timestamp(clock.time + minute);
    // The same result as if it had looked again, with what is waited for.
    expect(await run()).toEqual({
      kind: "quiet",
      until: soon,
      branch: repository.branch,
      told: {
        result: "held",
        at: looked,
        looked: { apps: 1, environments: 2, places: 2 },
        counts: { held: 1, superseded: 0, unchanged: 1, passedOver: 0 },
        waiting: [{ app: "web", environment: "production", gates: [{ name: "soak", clearsAt: soon }] }],
        next: soon,
      },
    });
    clock.time += minute;
    const ready = await run();
    expect(ready).toMatchObject({ result: "promoted" });
  });

  it("looks again when an artifact or the branch has changed, for a plan, and when told to", async () => {
    const { run, artifacts, repository } = setting();
    await run();
    await run();
    expect(isQuiet(await run())).toBe(true);
    expect(isQuiet(await run({ plan: true }))).toBe(false);
    expect(isQuiet(await run({ look: true }))).toBe(false);
    repository.push("Something else", []);
    expect(isQuiet(await run())).toBe(false);
    expect(isQuiet(await run())).toBe(true);
    artifacts.push(artifactOf("web", 2));
    expect(await run()).toMatchObject({ result: "held", commits: [{ branch: "refs/heads/main" }] });
  });

  it("says again that nothing clears by itself, and where there was nothing to take", async () => {
    const tagged = environment("demo", { policy: [{ branch: ["release"] }] });
    const { run } = setting([environment("staging", { policy: onMain }), tagged]);
    await run();
    await run();
    expect(await run()).toMatchObject({
      kind: "quiet",
      told: { result: "unchanged", counts: { unchanged: 1, passedOver: 1 }, waiting: [], next: undefined },
    });
  });

  it("believes in quiet for six hours at most", async () => {
    const { run, remembered, clock } = setting([environment("staging", { policy: onMain })]);
    await run();
    await run();
    expect(remembered.map(({ until }) => until)).toEqual([clock.time + 6 * hour]);
  });

  it("counts when what is behind the newest clears", async () => {
    const [first, second] = [artifactOf("web", 1), artifactOf("web", 2)];
    const blueAndGreen = [
      environment("blue", { policy: [{ branch: ["main"], tag: ["v1"] }] }),
      environment("green", { policy: onMain }),
      environment("production", {
        from: { mode: "any", environments: [envName("blue"), envName("green")] },
        auto: "newest",
        gates: [{ name: "soak", options: "1h" }],
      }),
    ];
    const tagged = artifactOf("web", 1, { version: { ...first.version, tag: "v1" } });
    const { run, remembered, clock, artifacts } = setting(blueAndGreen, [tagged]);
    await run();
    clock.time += 20 * minute;
    artifacts.push(second);
    await run();
    await run();
    // The one in blue is ready before the newer one in green.
    expect(remembered.map(({ until }) => until)).toEqual([clock.time + 40 * minute]);
  });

  const asking = defineGate({
    name: "asking",
    options: undefined,
    outcome: "held",
    observes: "outside",
    observe: () => undefined,
    check: () => ({ met: false, seen: "says no" }),
  }) as AnyGate;
  const withGate = () => {
    const [staging, production] = soaking() as [Environment, Environment];
    return [staging, { ...production, gates: [{ name: "asking", options: undefined }] }];
  };

  it.each([
    ["a gate asks outside", withGate(), () => {}],
    [
      "an environment lives elsewhere",
      [environment("staging", { policy: onMain, ref: "refs/heads/env" as never })],
      () => {},
    ],
    [
      "somebody must lift a freeze",
      [environment("staging", { policy: onMain }), environment("demo", { policy: onMain })],
      async ({ ports, artifacts }: ReturnType<typeof setting>) => {
        artifacts.push(artifactOf("web", 2));
        const hold = { scope: "all", reason: "sale", until: undefined, request: requestId("f") };
        await freeze({ ...hold, actor: { name: "ada", verified: true } }, ports);
      },
    ],
    [
      "a value was changed by hand",
      [environment("staging", { policy: onMain })],
      ({ repository }: ReturnType<typeof setting>) => {
        const path = repoPath("apps/web/staging.txt");
        const content = bytes(repository.text(path)!.replace(/^tag: .*$/m, "tag: hacked"));
        repository.push("Change it by hand", [{ path, content }]);
      },
    ],
    ...(
      [
        ["what runs somewhere failed there", { state: "failed" }],
        [
          "what runs somewhere went past its gates",
          { overrides: [{ gate: "freeze", code: "freeze/frozen", seen: "frozen by ada: sale" }] },
        ],
      ] as const
    ).map(([what, more]): [string, Environment[], (made: ReturnType<typeof setting>) => void] => [
      what,
      [environment("staging", { policy: onMain })],
      ({ repository }) => {
        const path = repoPath(".glu/web/staging.json");
        const record = JSON.parse(repository.text(path)!);
        const content = bytes(JSON.stringify({ ...record, current: { ...record.current, ...more } }));
        repository.push("It is written down", [{ path, content }]);
      },
    ]),
    [
      "a pin has ended by itself, and its file is still there",
      [environment("staging", { policy: onMain })],
      async ({ ports, clock }: ReturnType<typeof setting>) => {
        const until = timestamp(clock.time + minute);
        const hold = { reason: "look", until, request: requestId("p"), artifact: undefined };
        const place = { app: ["web" as AppName], environment: envName("staging") };
        await pin({ ...hold, ...place, actor: { name: "ada", verified: true } }, ports);
        clock.time += minute;
      },
    ],
    [
      "artifacts lie elsewhere",
      soaking(),
      ({ ports, artifacts }: ReturnType<typeof setting>) => {
        ports.storesOf = () => [{ ...storeOf(artifacts), location: "elsewhere" }];
      },
    ],
    [
      "something could not be decided",
      soaking(),
      ({ ports, repository }: ReturnType<typeof setting>) => {
        const failing = async () => {
          throw new OutsideError("git/unreachable", "It does not answer.");
        };
        const broken = { ...storeOf([]), location: repository.location, ids: failing };
        ports.storesOf = () => [broken];
      },
    ],
  ])("remembers nothing where %s", async (_what, environments, change) => {
    const made = setting(environments);
    made.ports.gates = [soak as AnyGate, asking];
    await made.run();
    await change(made);
    await made.run().catch(() => {});
    expect(made.remembered).toEqual([]);
  });

  it("goes on where it cannot remember, and says so", async () => {
    const { run, memory, ports } = setting();
    memory.remember = async () => {
      throw new OutsideError("git/push", "It takes no such refs.");
    };
    const said: string[] = [];
    ports.logger = { ...ports.logger, info: (text) => void said.push(text) };
    await run();
    expect(await run()).toMatchObject({ result: "held" });
    expect(said).toEqual(["That nothing moved could not be remembered: It takes no such refs."]);
  });
});
