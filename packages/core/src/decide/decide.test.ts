import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import { type AnyGate, defineGate, type GateSubject, type Look } from "../gates/gate.ts";
import { standingGates } from "../gates/gates.ts";
import { type GateOutcome, gateOutcomes, type Result } from "../model/decision.ts";
import { appName, envName, requestId } from "../model/names.ts";
import type { Pin, ReleaseRecord } from "../model/record.ts";
import { emptyRecord } from "../model/record.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { State } from "../state/state.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start } from "../test-kit/memory.ts";
import { decide, type Observed } from "./decide.ts";
import { type ObserveOptions, observe } from "./observe.ts";

const app = pipelineOf(["web"]).apps.get(appName("web"))!;

const nothingMore: ObserveOptions = {
  gates: [],
  cache: new Map(),
  outside: noOutside,
  clock: clockAt(start),
  templates: { render: (template) => template },
  items: async () => [],
  tip: someTip,
  plan: false,
};

const subjectOf = (more: Partial<GateSubject> = {}): GateSubject => ({
  intent: {
    app: appName("web"),
    environment: envName("staging"),
    artifact: artifactOf("web", 3),
    explicit: true,
    request: requestId("r"),
  },
  app,
  environment: environment("staging"),
  actor: { name: "ada", verified: true },
  reason: undefined,
  overwrite: false,
  drift: [],
  ancestry: () => undefined,
  ...more,
});

type Made = { met: boolean; outcome: GateOutcome | undefined; usual: GateOutcome; failed: boolean };

/** A gate that was told what to say. */
function observedOf({ met, outcome, usual, failed }: Made, index: number): Observed {
  const gate = defineGate({
    name: `gate-${index}`,
    options: undefined,
    outcome: usual,
    observes: "state",
    observe: () => undefined,
    check: () => ({ met, seen: `says ${met}`, ...(outcome === undefined || met ? {} : { outcome }) }),
  }) as AnyGate;
  return {
    gate,
    options: undefined,
    observation: failed ? { kind: "failed", why: "no answer" } : { kind: "seen", value: undefined },
  };
}

const outcome = fc.constantFrom(...gateOutcomes);
const gate = fc.record({
  met: fc.boolean(),
  outcome: fc.option(outcome, { nil: undefined }),
  usual: outcome,
  failed: fc.nat(5).map((number) => number === 0),
});
const gates = fc.array(gate, { maxLength: 6 }).map((all) => all.map(observedOf));
/** Of one intent, worst first. (Of a run, `superseded` comes after `promoted`: it says what happened, not what may go.) */
const verdicts: readonly Result[] = [...gateOutcomes, "promoted"];
const rank = (result: Result) => verdicts.indexOf(result);

describe("decide", () => {
  it("is a function of its inputs: the same in, the same out, and nothing of them changed", () => {
    fc.assert(
      fc.property(gates, (observed) => {
        const subject = Object.freeze(subjectOf());
        const first = decide(subject, Object.freeze([...observed]), start);
        expect(decide(subject, observed, start)).toEqual(first);
      }),
    );
  });

  it("promotes exactly when every gate is met", () => {
    fc.assert(
      fc.property(gates, (observed) => {
        const verdict = decide(subjectOf(), observed, start);
        expect(verdict.result === "promoted").toBe(verdict.gates.every(({ met }) => met));
        expect(verdict.gates).toHaveLength(observed.length);
      }),
    );
  });

  it("does not depend on the order of the gates", () => {
    fc.assert(
      fc.property(
        gates.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([observed, shuffled]) => {
          const [a, b] = [decide(subjectOf(), observed, start), decide(subjectOf(), shuffled, start)];
          expect(b.result).toBe(a.result);
          expect(b.reason.split("; ").sort()).toEqual(a.reason.split("; ").sort());
        },
      ),
    );
  });

  it("never turns better by adding a gate", () => {
    fc.assert(
      fc.property(gates, gate, (observed, more) => {
        const before = decide(subjectOf(), observed, start);
        const after = decide(subjectOf(), [...observed, observedOf(more, 99)], start);
        expect(rank(after.result)).toBeLessThanOrEqual(rank(before.result));
      }),
    );
  });

  it("gives the result of the worst unmet gate, and its reason in words", () => {
    fc.assert(
      fc.property(gates, (observed) => {
        const { result, reason, gates: told } = decide(subjectOf(), observed, start);
        const unmet = told.filter(({ met }) => !met);
        fc.pre(unmet.length > 0);
        expect(rank(result)).toBe(Math.min(...unmet.map(({ outcome: one }) => rank(one))));
        for (const one of unmet.filter(({ outcome: mine }) => mine === result)) expect(reason).toContain(one.seen);
      }),
    );
  });

  it("holds what could not be observed, and never passes it", () => {
    const observed = observedOf({ met: true, outcome: undefined, usual: "superseded", failed: true }, 1);
    expect(decide(subjectOf(), [observed], start)).toMatchObject({
      result: "held",
      gates: [{ met: false, code: "gate-1/unknown", seen: expect.stringContaining("no answer") }],
    });
  });
});

const stateWith = (record: Partial<ReleaseRecord>, pin?: Pin): State => ({
  record: (name, env) => ({ ...emptyRecord(name, env), ...record }),
  current: () => record.current ?? null,
  pin: () => pin,
  freezes: () => [],
});
const released = (number: number) => ({
  request: "earlier",
  kind: "promotion" as const,
  artifact: artifactOf("web", number),
  decidedOn: "0".repeat(40),
  actor: { name: "ada", verified: true },
  decidedAt: new Date(start).toISOString(),
  releasedAt: new Date(start).toISOString(),
  state: "committed" as const,
  writes: [],
  superseded: [],
});

describe("the gates that always apply", () => {
  it("never let an older artifact pass: refused when asked for by name, superseded when it comes by itself", () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(8),
        fc.nat(8),
        fc.boolean(),
        fc.option(fc.string(), { nil: undefined }),
        async (running, wanted, explicit, reason) => {
          const subject = subjectOf({ reason });
          subject.intent.artifact = artifactOf("web", wanted);
          subject.intent.explicit = explicit;
          const observed = await observe(subject, stateWith({ current: released(running) }), nothingMore);
          const { result } = decide(subject, observed, start);
          expect(result).toBe(wanted >= running ? "promoted" : explicit ? "refused" : "superseded");
        },
      ),
    ));

  it("hold at a pin until it expires, whatever is asked and whatever the reason", () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(8),
        fc.nat(8),
        fc.boolean(),
        fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
        async (pinned, wanted, explicit, until) => {
          const pin: Pin = {
            schema: "glu.pin.v1",
            app: "web",
            environment: "staging",
            artifact: artifactOf("web", pinned).id,
            reason: "incident",
            actor: { name: "ada", verified: true },
            at: new Date(start).toISOString(),
            request: "p",
            ...(until === undefined ? {} : { until: new Date(start + until * 1000).toISOString() }),
          };
          const subject = subjectOf({ reason: "please", overwrite: true });
          subject.intent.artifact = artifactOf("web", wanted);
          subject.intent.explicit = explicit;
          const { result } = decide(subject, await observe(subject, stateWith({}, pin), nothingMore), start);
          const inForce = until === undefined || until > 0;
          expect(result).toBe(inForce && wanted !== pinned ? "held" : "promoted");
        },
      ),
    ));

  it("each have a name of their own", () => {
    expect(new Set(standingGates.map(({ name }) => name)).size).toBe(standingGates.length);
  });
});

describe("what is looked at, and when", () => {
  /** A gate of a cost that says what it is told to, and counts how often it was asked. */
  function counting(name: string, observes: AnyGate["observes"], says: boolean | Error) {
    const asked: string[] = [];
    const gate = defineGate({
      name,
      options: undefined,
      outcome: "held",
      observes,
      observe: () => {
        asked.push(name);
        if (says instanceof Error) throw says;
        return says;
      },
      check: (met) => ({ met, seen: `${name} says ${met}` }),
    }) as AnyGate;
    return { gate, asked };
  }
  const used = (...names: string[]) =>
    subjectOf({ environment: environment("staging", { gates: names.map((name) => ({ name, options: undefined })) }) });

  it("is the cheapest first: what costs more waits for it, and is no reason", async () => {
    const [cheap, dear, act] = [
      counting("cheap", "state", false),
      counting("dear", "outside", true),
      counting("act", "acts", true),
    ];
    const gates = [act.gate, dear.gate, cheap.gate];
    const subject = used("act", "dear", "cheap");
    const options = { ...nothingMore, gates };
    const verdict = decide(subject, await observe(subject, stateWith({}), options), start);
    expect([dear.asked, act.asked]).toEqual([[], []]);
    expect(verdict).toMatchObject({ result: "held", reason: "cheap says false" });
    expect(verdict.gates.map(({ code }) => code)).toEqual(expect.arrayContaining(["act/waits", "dear/waits"]));
  });

  it("asks all but those that act for a plan, and lets it pass what acts", async () => {
    const [cheap, dear, act] = [
      counting("cheap", "state", true),
      counting("dear", "outside", true),
      counting("act", "acts", false),
    ];
    const subject = used("act", "dear", "cheap");
    const options = { ...nothingMore, gates: [act.gate, dear.gate, cheap.gate], plan: true };
    const verdict = decide(subject, await observe(subject, stateWith({}), options), start);
    expect([dear.asked, act.asked]).toEqual([["dear"], []]);
    expect(verdict.result).toBe("promoted");
  });

  it("is asked once a run, whatever the tip", async () => {
    const dear = counting("dear", "outside", true);
    const subject = used("dear");
    const options = { ...nothingMore, gates: [dear.gate], cache: new Map() };
    await observe(subject, stateWith({}), options);
    await observe(subject, stateWith({}), options);
    expect(dear.asked).toEqual(["dear"]);
  });

  it("is given up when it takes too long, is told to stop, and held", async () => {
    let told = false;
    const slow = {
      ...counting("slow", "outside", true).gate,
      timeLimit: () => 20,
      observe: (_subject: unknown, _state: unknown, _options: unknown, { signal }: Look) =>
        new Promise(() => signal.addEventListener("abort", () => (told = true))),
    } as AnyGate;
    const subject = used("slow");
    const observed = await observe(subject, stateWith({}), { ...nothingMore, gates: [slow], cache: new Map() });
    expect(decide(subject, observed, start)).toMatchObject({
      result: "held",
      reason: "could not be evaluated: there was no answer within 0s",
    });
    expect(told).toBe(true);
  });

  it("holds where an outside system fails, and stops where a record is damaged", async () => {
    const fixes = [
      [undefined, "the next run"],
      ["Give a token.", "Give a token."],
    ] as const;
    for (const [fix, clearedBy] of fixes) {
      const details = fix === undefined ? {} : { fix };
      const failing = counting("failing", "outside", new OutsideError("http/status", "It answered 500.", details));
      const subject = used("failing");
      const options = { ...nothingMore, gates: [failing.gate], cache: new Map() };
      const verdict = decide(subject, await observe(subject, stateWith({}), options), start);
      expect(verdict).toMatchObject({ result: "held", reason: "could not be evaluated: It answered 500." });
      expect(verdict.gates.find(({ name }) => name === "failing")).toMatchObject({ clearedBy });
    }
    const details = { fix: "There are: images.web.ref." };
    const untold = counting("untold", "acts", new UserError("template/missing-variable", "It names nothing.", details));
    const seen = await observe(used("untold"), stateWith({}), {
      ...nothingMore,
      gates: [untold.gate],
      cache: new Map(),
    });
    expect(decide(used("untold"), seen, start)).toMatchObject({
      result: "held",
      reason: "could not be evaluated: It names nothing.",
      isPlaceHeld: false,
    });
    const broken = counting("broken", "state", new UserError("record/malformed", "It is damaged."));
    await expect(observe(used("broken"), stateWith({}), { ...nothingMore, gates: [broken.gate] })).rejects.toThrow(
      "It is damaged.",
    );
  });
});
