import { type Decision, GluError, type PromoteResult, results, worst } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { audit, recordOf } from "./audit.ts";
import { appNames, apps, Delivery, Killed } from "./delivery.ts";
import { disturb, type Operation, operation, type Promotion, requestOf } from "./operations.ts";

/** What became of a promotion: its answer, its error, or its death. */
type Fate = { promotion: Promotion; id: string; answer: PromoteResult | GluError | Killed };

const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 8,
  size: "max",
});

/** Releases that there are to go back to, where a plan does that. */
function withReleases(plan: readonly (readonly Operation[])[]): readonly (readonly Operation[])[] {
  if (!plan.flat().some((one) => one.kind === "promote" && one.back !== undefined)) return plan;
  const released = [0, 1, 2].map((artifact): Operation[] =>
    ["web", "jobs"].map((name) => ({
      ...{ kind: "promote", apps: [name], environments: ["staging"], artifact },
      ...{ overwrite: false, set: false, fault: {} },
    })),
  );
  return [...released, ...plan];
}

/** Runs the batches one after another, and what is in a batch at the same time, in an order that the scheduler picks. */
async function run(delivery: Delivery, plan: readonly (readonly Operation[])[], scheduler: fc.Scheduler) {
  const fates: Fate[] = [];
  let count = 0;
  delivery.turn = (what) => scheduler.schedule(Promise.resolve(), what);
  for (const batch of withReleases(plan)) {
    await scheduler.waitFor(
      Promise.all(
        batch.map(async (one) => {
          const id = `r-${++count}`;
          if (one.kind === "promote") {
            const answer = await delivery.promote(requestOf(one, id), one.fault).catch(expected);
            fates.push({ promotion: one, id, answer });
          } else await disturb(delivery, one, id).catch(expected);
        }),
      ),
    );
    delivery.clock.advance(60_000);
  }
  delivery.turn = async () => {};
  return fates;
}

/** Errors that a person can cause; anything else is a bug. */
function expected(error: unknown): GluError | Killed {
  if (error instanceof GluError || error instanceof Killed) return error;
  throw error;
}

const askedOf = ({ overwrite, back }: Promotion) => ({
  overwrite,
  override: back?.override === true,
  pin: back?.pin === true,
  isNamed: back !== undefined && "artifact" in back.to,
});

const asked = (fates: readonly Fate[]) => new Map(fates.map(({ id, promotion }) => [id, askedOf(promotion)]));

const keyOf = ({ intent, release }: Decision) => `${release?.request} ${intent.app} ${intent.environment}`;

const property = (runs: number, check: (delivery: Delivery, fates: Fate[]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(batches, fc.scheduler(), async (plan, scheduler) => {
      const delivery = await Delivery.begin();
      await check(delivery, await run(delivery, plan, scheduler));
    }),
    { numRuns: runs },
  );

/** @param runs how many histories each fact is checked on; a slow machine may take a second for one */
export function describeInterleavings(runs: number): void {
  describe(`promotions, pins, freezes, edits by hand, lost answers and deaths in any order, ${runs} times`, {
    timeout: 60_000 + runs * 1000,
  }, () => {
    it("leave a history in which every commit keeps every rule: nothing lost, nothing backwards, nothing undeclared", () =>
      property(runs, async (delivery, fates) => {
        const carried = audit(delivery.history, asked(fates));
        for (const { answer, id, promotion } of fates) {
          if (answer instanceof Error) continue;
          if (promotion.set) {
            const stopped = answer.decisions.some(({ result }) => ["refused", "held", "superseded"].includes(result));
            const moved = answer.decisions.some(({ result }) => result === "promoted");
            expect(stopped && moved, "a set moves together or not at all").toBe(false);
          }
          for (const decision of answer.decisions) {
            if (decision.result === "promoted") {
              expect(decision.release?.request).toBe(id);
              expect(carried.get(keyOf(decision)), "it stands in the history").toBeDefined();
              expect(decision.commit).toBe(carried.get(keyOf(decision)));
            } else {
              const { app, environment } = decision.intent;
              expect(carried.has(`${id} ${app} ${environment}`), `${decision.result} writes nothing`).toBe(false);
            }
          }
        }
      }));

    it("answer with the worst of their decisions, each of which says why", () =>
      property(runs, async (_delivery, fates) => {
        for (const { answer } of fates) {
          if (answer instanceof Error) continue;
          const ranks = answer.decisions.map(({ result }) => results.indexOf(result));
          expect(results.indexOf(answer.result)).toBe(Math.min(...ranks, results.indexOf("none")));
          expect(answer.result).toBe(worst(answer.decisions.map(({ result }) => result)));
          for (const { result, reason, gates } of answer.decisions) {
            expect(reason).not.toBe("");
            const stopped = result === "refused" || result === "held" || result === "superseded";
            expect(gates.some(({ met }) => !met)).toBe(stopped);
            for (const gate of gates) if (!gate.met) expect(gate.code, gate.seen).toMatch(/^[a-z-]+\/[a-z-]+$/);
          }
        }
      }));

    it("are never carried out twice: the same requests again answer with the original release and commit", () =>
      property(runs, async (delivery, fates) => {
        const carried = audit(delivery.history, asked(fates));
        for (const { promotion, id, answer } of fates) {
          const again = await delivery.promote(requestOf(promotion, id)).catch(expected);
          if (answer instanceof Error) continue;
          const done = answer.decisions.filter(({ result }) => result === "promoted");
          if (again instanceof Error) {
            // What was carried out stays so; only a place that the config no longer has cannot be asked for by name.
            if (done.length > 0) expect(again).toMatchObject({ code: "config/not-a-member" });
            continue;
          }
          for (const decision of done) {
            const found = again.decisions.find((one) => keyOf(one) === keyOf(decision));
            expect(found).toMatchObject({ result: "promoted", repeated: true, commit: carried.get(keyOf(decision)) });
            expect(found?.release).toEqual(decision.release);
          }
        }
        audit(delivery.history, asked(fates));
      }));

    it("settle: a job that is run twice in a row changes nothing the second time", () =>
      property(runs, async (delivery, fates) => {
        const others = asked(fates);
        for (const [index, { promotion }] of fates.entries()) {
          // Going back once more goes further back.
          if (promotion.back !== undefined) continue;
          const first = await delivery.promote(requestOf(promotion, `first-${index}`)).catch(expected);
          others.set(`first-${index}`, askedOf(promotion));
          const before = delivery.history.length;
          const second = await delivery.promote(requestOf(promotion, `second-${index}`)).catch(expected);
          if (first instanceof Error || second instanceof Error) {
            expect((second as GluError).code).toBe((first as GluError).code);
            continue;
          }
          for (const { result, intent } of first.decisions) {
            const then = second.decisions.find(
              (one) => one.intent.app === intent.app && one.intent.environment === intent.environment,
            );
            // What the first run released in staging lets production follow: that is progress, not a repetition.
            if (intent.environment === "production" && promotion.environments.length > 1) continue;
            expect(then?.result).toBe(result === "promoted" ? "unchanged" : result);
          }
          if (promotion.environments.length < 2 || !promotion.environments.includes("production")) {
            expect(delivery.history).toHaveLength(before);
          }
        }
        audit(delivery.history, others);
      }));

    it("leave what runs where readable: the record and the files of each app agree with the last release or edit", () =>
      property(runs, async (delivery, fates) => {
        const carried = audit(delivery.history, asked(fates));
        const tip = delivery.history.at(-1)!.files;
        for (const app of appNames) {
          for (const environment of apps[app]) {
            const current = recordOf(tip, app, environment)?.current;
            const releases = [...carried.keys()].filter((key) => key.endsWith(` ${app} ${environment}`));
            expect(current?.request).toBe(releases.at(-1)?.split(" ")[0]);
          }
        }
      }));
  });
}
