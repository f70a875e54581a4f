import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyGate, defineGate, type GateSubject } from "../gates/gate.ts";
import { standingGates } from "../gates/gates.ts";
import { type GateOutcome, gateOutcomes, type Result } from "../model/decision.ts";
import { appName, envName, requestId } from "../model/names.ts";
import type { Pin, ReleaseRecord } from "../model/record.ts";
import { emptyRecord } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { artifactOf, environment, pipelineOf, start } from "../test-kit/memory.ts";
import { decide, type Observed } from "./decide.ts";
import { observe } from "./observe.ts";

const app = pipelineOf(["web"]).apps.get(appName("web"))!;

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
          const observed = await observe(subject, stateWith({ current: released(running) }), [], new Map());
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
          const { result } = decide(subject, await observe(subject, stateWith({}, pin), [], new Map()), start);
          const inForce = until === undefined || until > 0;
          expect(result).toBe(inForce && wanted !== pinned ? "held" : "promoted");
        },
      ),
    ));

  it("each have a name of their own", () => {
    expect(new Set(standingGates.map(({ name }) => name)).size).toBe(standingGates.length);
  });
});
