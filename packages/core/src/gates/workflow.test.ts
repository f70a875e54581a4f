import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide/decide.ts";
import { observe } from "../decide/observe.ts";
import { OutsideError } from "../errors.ts";
import { appName, envName, requestId } from "../model/names.ts";
import { emptyRecord } from "../model/record.ts";
import { carriesKey, runKeyOf } from "../model/run-key.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { RunKey, WorkflowRun, WorkflowRunner, WorkflowTarget } from "../ports/outside.ts";
import type { State } from "../state/state.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start } from "../test-kit/memory.ts";
import type { GateSubject, Look } from "./gate.ts";
import { workflow } from "./workflow.ts";

const second = 1000;
const minute = 60 * second;
const production = envName("production");
const state: State = {
  record: (app, name) => emptyRecord(app, name),
  current: () => null,
  pin: () => undefined,
  freezes: () => [],
};

/** How a run goes on: its state from so many milliseconds after its start. */
type Course = [after: number, state: WorkflowRun["state"]][];

/** A forge whose runs go on with the clock, and which refuses what no real one takes. */
class FakeForge implements WorkflowRunner {
  readonly asked: string[] = [];
  readonly started: { target: WorkflowTarget; key: RunKey; inputs: Readonly<Record<string, string>> }[] = [];
  readonly #runs: { key: string; at: number; course: Course }[] = [];
  readonly clock = clockAt(start);
  /** What becomes of a run that is started. */
  course: Course = [[0, "waiting"]];
  /** Milliseconds until a new run is listed. */
  lag = 0;
  says = true;
  broken: { find?: Error; start?: Error } = {};

  /** A run that somebody else started, by its start. */
  put(key: string, at: number, course: Course): void {
    this.#runs.push({ key, at, course });
  }

  async find(_target: WorkflowTarget, key: RunKey): Promise<WorkflowRun | undefined> {
    this.asked.push("find");
    if (this.broken.find) throw this.broken.find;
    const now = this.clock.now();
    const index = this.#runs.findLastIndex((run) => run.key === key.text && run.at + this.lag <= now);
    return index < 0 ? undefined : this.#run(index);
  }

  async start(target: WorkflowTarget, key: RunKey, inputs: Readonly<Record<string, string>>) {
    this.asked.push("start");
    if (this.broken.start) throw this.broken.start;
    this.started.push({ target, key, inputs });
    this.put(key.text, this.clock.now(), this.course);
    return this.says ? this.#run(this.#runs.length - 1) : undefined;
  }

  #run(index: number): WorkflowRun {
    const { at, course } = this.#runs[index]!;
    const [, now] = course.findLast(([after]) => at + after <= this.clock.now())!;
    return { id: String(index), url: `https://ci.example/runs/${index}`, state: now, startedAt: at };
  }
}

function subjectWith(options: unknown, number = 1): GateSubject {
  return {
    intent: {
      app: appName("web"),
      environment: production,
      artifact: artifactOf("web", number),
      explicit: true,
      request: requestId("r"),
    },
    app: pipelineOf(["web"]).apps.get(appName("web"))!,
    environment: environment("production", { gates: [{ name: "workflow", options }] }),
    actor: { name: "ada", verified: true },
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
}

const smoke = { file: "smoke.yml", wait: "10m" };
const target: WorkflowTarget = { repository: undefined, workflow: "smoke.yml", ref: undefined };
const keyOf = (number = 1) => runKeyOf(subjectWith(smoke, number).intent, target, {}).text;

/** What the decision says of the gate, asked as a run of `promote` asks it. */
async function said(forge: FakeForge, options: unknown = smoke, more: { plan?: boolean; mayAct?: boolean } = {}) {
  const subject = subjectWith(options);
  const observed = await observe(subject, state, {
    gates: [workflow],
    cache: new Map(),
    outside: { ...noOutside, workflows: forge },
    clock: forge.clock,
    items: async () => [],
    tip: someTip,
    templates: { render: (template, { app }) => template.replace("{{ app }}", String(app)) },
    plan: more.plan ?? false,
    mayAct: more.mayAct ?? true,
  });
  const { result, gates } = decide(subject, observed, forge.clock.now());
  return { result, ...gates.find(({ name }) => name === "workflow")! };
}

describe("the gate workflow", () => {
  it("starts a run where there is none, waits for it, and takes its success", async () => {
    const forge = new FakeForge();
    forge.course = [
      [0, "waiting"],
      [30 * second, "running"],
      [3 * minute, "succeeded"],
    ];
    expect(await said(forge)).toMatchObject({
      result: "promoted",
      met: true,
      seen: "smoke.yml succeeded",
      url: "https://ci.example/runs/0",
    });
    expect(forge.started).toMatchObject([{ target, key: { text: keyOf() }, inputs: {} }]);
    expect(forge.clock.now() - start).toBeLessThan(4 * minute);
  });

  it("holds what still runs when the time is over, and says since when and what clears it", async () => {
    const forge = new FakeForge();
    forge.course = [[0, "running"]];
    const first = await said(forge);
    expect(first).toMatchObject({
      result: "held",
      code: "workflow/running",
      seen: "smoke.yml has been running for 10m",
      since: new Date(start).toISOString(),
      clearedBy: expect.stringContaining("the next run of promote or reconcile"),
      url: "https://ci.example/runs/0",
    });
    expect(forge.clock.now() - start).toBe(10 * minute);
  });

  it("is taken up by the next job, which starts nothing", async () => {
    const forge = new FakeForge();
    forge.course = [
      [0, "running"],
      [12 * minute, "succeeded"],
    ];
    expect((await said(forge)).result).toBe("held");
    expect((await said(forge)).result).toBe("promoted");
    expect(forge.started).toHaveLength(1);
  });

  it("takes an earlier success at once", async () => {
    const forge = new FakeForge();
    forge.put(keyOf(), start - minute, [[0, "succeeded"]]);
    expect((await said(forge)).result).toBe("promoted");
    expect(forge.asked).toEqual(["find"]);
    expect(forge.clock.now()).toBe(start);
  });

  it("holds what failed, starts nothing by itself, and says how to try again", async () => {
    const forge = new FakeForge();
    forge.put(keyOf(), start - minute, [[0, "failed"]]);
    expect(await said(forge)).toMatchObject({
      result: "held",
      code: "workflow/failed",
      seen: "smoke.yml failed",
      since: new Date(start - minute).toISOString(),
      clearedBy: `running it again, or a new run with the input glu-key: ${keyOf()}`,
      url: "https://ci.example/runs/0",
    });
    expect(forge.asked).toEqual(["find"]);
  });

  it.each([
    ["succeeded after it failed", ["failed", "succeeded"], "promoted"],
    ["failed after it succeeded", ["succeeded", "failed"], "held"],
  ] as const)("goes by the newest run under the key: it %s", async (_what, states, result) => {
    const forge = new FakeForge();
    for (const [index, one] of states.entries()) forge.put(keyOf(), start - minute + index, [[0, one]]);
    expect((await said(forge)).result).toBe(result);
  });

  it("waits for a run that was started again by hand", async () => {
    const forge = new FakeForge();
    forge.put(keyOf(), start - minute, [[0, "failed"]]);
    forge.put(keyOf(), start - second, [
      [0, "waiting"],
      [minute, "succeeded"],
    ]);
    expect(await said(forge)).toMatchObject({ result: "promoted", url: "https://ci.example/runs/1" });
  });

  it("takes no run of another artifact, nor one with other inputs", async () => {
    const forge = new FakeForge();
    forge.put(keyOf(2), start - minute, [[0, "succeeded"]]);
    const options = { ...smoke, inputs: { app: "{{ app }}" }, wait: "0s" };
    forge.put(keyOf(), start - minute, [[0, "succeeded"]]);
    expect((await said(forge, options)).result).toBe("held");
    expect(forge.started).toMatchObject([{ inputs: { app: "web" } }]);
  });

  it("only looks with wait: 0s, and starts what is not there", async () => {
    const forge = new FakeForge();
    const options = { ...smoke, wait: "0s" };
    expect(await said(forge, options)).toMatchObject({
      result: "held",
      code: "workflow/running",
      seen: "smoke.yml has been waiting for 0s",
    });
    expect(forge.clock.now()).toBe(start);
    expect(forge.asked).toEqual(["find", "start"]);
  });

  it("finds a run that the forge lists late", async () => {
    const forge = new FakeForge();
    Object.assign(forge, { says: false, lag: 20 * second });
    forge.course = [
      [0, "running"],
      [minute, "succeeded"],
    ];
    expect((await said(forge)).result).toBe("promoted");
    expect(forge.started).toHaveLength(1);
  });

  it.each([
    ["10m", "workflow/not-seen", "smoke.yml was started, and no run of the name"],
    ["0s", "workflow/running", "smoke.yml was started"],
  ])("holds a run that never appears, after %s", async (wait, code, seen) => {
    const forge = new FakeForge();
    Object.assign(forge, { says: false, lag: Number.POSITIVE_INFINITY });
    const found = await said(forge, { ...smoke, wait });
    expect(found).toMatchObject({ result: "held", code });
    expect(found.seen).toContain(seen);
  });

  it.each(["find", "start"] as const)(
    "holds when the forge refuses or is down at %s, and says what to do",
    async (at) => {
      const forge = new FakeForge();
      forge.broken[at] = new OutsideError("workflow/forbidden", "The token has no access to acme/config/smoke.yml.", {
        fix: "It needs 'actions: write'.",
      });
      expect(await said(forge)).toMatchObject({
        result: "held",
        code: "workflow/forbidden",
        seen: "could not be evaluated: The token has no access to acme/config/smoke.yml.",
        clearedBy: "It needs 'actions: write'.",
      });
    },
  );

  it("starts nothing in a plan", async () => {
    const forge = new FakeForge();
    expect((await said(forge, smoke, { plan: true })).met).toBe(true);
    expect(forge.asked).toEqual([]);
  });

  it("starts and awaits nothing for an older artifact, and takes what has happened", async () => {
    const forge = new FakeForge();
    const older = () => said(forge, smoke, { mayAct: false });
    expect(await older()).toMatchObject({
      result: "held",
      code: "workflow/not-run",
      seen: "smoke.yml was not run for it",
    });
    forge.put(keyOf(), start, [
      [0, "running"],
      [minute, "succeeded"],
    ]);
    expect(await older()).toMatchObject({ result: "held", code: "workflow/running" });
    expect(forge.clock.now()).toBe(start);
    await forge.clock.sleep(minute);
    expect((await older()).result).toBe("promoted");
    expect(forge.asked).toEqual(["find", "find", "find"]);
  });

  it("looks no more than is of use, and never waits past its time", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(120), fc.nat(200), fc.constantFrom("succeeded", "failed"), async (wait, ends, end) => {
        const forge = new FakeForge();
        forge.course = [
          [0, "running"],
          [ends * minute, end],
        ];
        await said(forge, { ...smoke, wait: `${wait}m` });
        const waited = forge.clock.now() - start;
        expect(waited).toBeLessThanOrEqual(Math.min(wait * minute, ends * minute + 30 * second));
        expect(forge.asked.length).toBeLessThanOrEqual(8 + waited / (30 * second));
        expect(forge.started).toHaveLength(1);
      }),
    ));

  it("stops when it is told to", async () => {
    const forge = new FakeForge();
    forge.course = [[0, "running"]];
    const control = new AbortController();
    const { clock } = forge;
    const sleep = clock.sleep;
    clock.sleep = async (ms) => {
      await sleep(ms);
      control.abort();
    };
    const outside = { ...noOutside, workflows: forge };
    const look: Look = {
      now: start,
      clock,
      mayAct: true,
      proposal: undefined,
      signal: control.signal,
      items: async () => [],
      tip: someTip,
      outside,
      render: (text) => text,
    };
    await workflow.observe(subjectWith(smoke), state, smoke, look);
    expect(forge.asked).toEqual(["find", "start", "find"]);
  });

  it("is given up after its time and two minutes more, and ten minutes where nothing is said", () => {
    expect(workflow.timeLimit?.({ wait: "1h" })).toBe(62 * minute);
    expect(workflow.timeLimit?.({})).toBe(12 * minute);
  });
});

describe("its options", () => {
  const reads = (options: unknown) => workflow.options!.safeParse(options).success;

  it.each([
    [{}],
    [{ file: "smoke.yml", repository: "acme/group/smoke", ref: "release/1.0", inputs: { a: "{{ app }}" }, wait: "0s" }],
    [{ wait: "1h30m" }],
  ])("can be %j", (options) => expect(reads(options)).toBe(true));

  it.each([
    [{ file: "../smoke.yml" }],
    [{ file: "smoke.sh" }],
    [{ repository: "smoke" }],
    [{ repository: "https://github.com/acme/smoke" }],
    [{ ref: "refs/pull/1/head" }],
    [{ ref: "-x" }],
    [{ inputs: { "glu-key": "mine" } }],
    [{ wait: "" }],
    [{ wait: "1d" }],
    [{ wait: "99999999h" }],
    [{ retries: 3 }],
  ])("cannot be %j", (options) => expect(reads(options)).toBe(false));

  it("give a time that a timer can count", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,9}h\d{1,9}m\d{1,9}s$/), (wait) => {
        if (reads({ wait })) expect(workflow.timeLimit?.({ wait })).toBeLessThan(2 ** 31);
      }),
    ));
});

describe("the key of a run", () => {
  const { intent } = subjectWith(smoke);
  const key = (inputs: Record<string, string> = {}, more: Partial<WorkflowTarget> = {}) =>
    runKeyOf(intent, { ...target, ...more }, inputs).text;

  it("says what it is for, and fits a pipeline's name", () => {
    expect(key()).toMatch(/^web\/production\/\d{8}t\d{6}z-[0-9a-f]{12}\/[0-9a-f]{12}$/);
  });

  it("is the same whatever the order of inputs, and another one for other inputs or another target", () => {
    expect(key({ a: "1", b: "2" })).toBe(key({ b: "2", a: "1" }));
    const others = [key(), key({ a: "1" }), key({ a: "2" }), key({}, { ref: "next" }), key({}, { repository: "a/b" })];
    expect(new Set(others).size).toBe(others.length);
  });

  it("looks no further back than the day before the commit", () => {
    const { since } = runKeyOf(intent, target, {});
    expect(since).toBe(Date.parse(intent.artifact.committedAt) - 24 * 60 * minute);
  });

  it("is found in a name as a word of its own", () => {
    const { text, since } = runKeyOf(intent, target, {});
    const found = (name: string) => carriesKey(name, { text, since });
    for (const name of [text, `Smoke test ${text}`, `Smoke (${text})`, `${text}: web`]) expect(found(name)).toBe(true);
    for (const name of ["", "Smoke", `${text}0`, `x${text}`, text.slice(1), text.slice(0, -1), `a/${text}`]) {
      expect(found(name)).toBe(false);
    }
  });
});
