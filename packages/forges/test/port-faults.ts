import { GluError } from "@glu/core";
import { type CallFault, callFaults, faultsContract } from "@glu/testing/internal";
import { afterAll, describe, expect, it } from "vitest";
import { type FaultWorld, type Ports, portsOf, scenarios } from "./port-fault-scenarios.ts";

/** What the code of an error says; all else is that the forge cannot be asked. */
const codes: Readonly<Record<string, RegExp>> = {
  "401": /\/unauthorised$/,
  "403": /\/forbidden$/,
  "404": /\/not-found$/,
  "409": /\/(?:invalid|unexpected|auto-merge)$/,
  "422": /\/(?:invalid|invalid-request|auto-merge)$/,
  "half of the JSON after it was done": /\/(?:unexpected|unclear)$/,
};

/** Faults that are taken for the truth, on any forge: what was to be removed may be gone already. */
const cannotBeTold: Readonly<Record<string, readonly string[]>> = { "comments.write, twice": ["404"] };

/** Those that change something; the others are only asked. */
const changing = new Set([
  "proposals.open",
  "proposals.update",
  "proposals.close",
  "proposals.setAutoMerge",
  "statuses.set",
  "comments.write",
  "deployments.tell",
  "previewDeployments.settle",
]);

export interface PortFaults {
  /** Calls that this forge does not have, such as `approvals.ofRun`. */
  lacks?: readonly string[];
  /** Faults that cannot be told from the truth, by call. */
  except?: Readonly<Record<string, readonly string[]>>;
  faults?: (fault: CallFault) => boolean;
  /** Whether it has merge queues. */
  queues?: boolean;
  /** Calls whose lists are never behind. */
  fresh?: readonly string[];
  /** What else an error may say, by call and fault: where an answer has another meaning there. */
  means?: Readonly<Record<string, Readonly<Record<string, RegExp>>>>;
  /** Calls that change something on a server that takes its time meet every so manieth fault only. Default: all. */
  every?: number;
  /** The routes of the server that no port calls, and who does. */
  routes?: { modelled: readonly string[]; others: Readonly<Record<string, readonly string[]>> };
}

/** Every call of every port on a forge meets every fault. */
export function portFaults(forge: string, start: () => Promise<FaultWorld>, options: PortFaults = {}): void {
  const { lacks = [], except = {}, fresh = [], queues = false, means = {}, faults, routes, every } = options;
  const worlds: Promise<FaultWorld>[] = [];
  // One for each call: what the others left behind would have to be looked through by each request.
  const worldOnFirstUse = () => {
    let started: Promise<FaultWorld> | undefined;
    return () => {
      if (started !== undefined) return started;
      started = start();
      worlds.push(started);
      return started;
    };
  };
  afterAll(async () => {
    for (const world of worlds) await (await world)[Symbol.asyncDispose]();
  });
  const hasQueue = (way: string) => way !== "queued" || queues;
  const all = Object.entries(scenarios).flatMap(([port, calls]) =>
    Object.entries(calls).flatMap(([call, ways]) =>
      Object.entries(ways)
        .filter(([way]) => hasQueue(way))
        .map(([way, scenario]) => ({ call: `${port}.${call}`, way, scenario })),
    ),
  );
  const sampled = new Map<string, string[]>();
  let calls = 0;
  for (const { call, way, scenario } of all.filter((one) => !lacks.includes(one.call))) {
    const isSampled = every !== undefined && changing.has(call);
    const world = worldOnFirstUse();
    faultsContract(`${call} on ${forge}${way === "" ? "" : `, ${way}`}`, {
      token: async () => (await world()).asking.token,
      create: async () => scenario(await world()),
      except: [...(except[call] ?? []), ...(cannotBeTold[`${call}, ${way}`] ?? [])],
      behind: !fresh.includes(call),
      ...(isSampled
        ? {
            // Each begins with others.
            sample: { every, first: 3 * calls++ },
            met: (name: string, fault: string) => void sampled.set(name, [...(sampled.get(name) ?? []), fault]),
          }
        : {}),
      code: ({ name }) => means[call]?.[name] ?? codes[name] ?? /^forge\/(?:unreachable|unclear)$/,
      ...(faults === undefined ? {} : { faults }),
    });
  }

  it.runIf(every !== undefined)(
    `each call that changes ${forge} has met some faults, and each fault one of them`,
    () => {
      expect(sampled.size).toBeGreaterThan(0);
      for (const [call, faults] of sampled) expect(new Set(faults).size, call).toBeGreaterThanOrEqual(2);
      const met = new Set([...sampled.values()].flat());
      expect(callFaults.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
    },
  );

  describe(`the calls of ${forge}`, () => {
    const world = worldOnFirstUse();
    it.each(lacks.map((call) => call.split(".") as [keyof Ports, string]))(
      "have none of %s.%s, and say so or do nothing",
      async (port, call) => {
        const ports = portsOf(await world(), fetch) as unknown as Record<
          string,
          Record<string, () => Promise<unknown>>
        >;
        const outcome = await ports[port]?.[call]?.().catch((error: unknown) => error);
        expect(outcome === undefined || outcome === false || outcome instanceof GluError).toBe(true);
      },
    );

    it.runIf(routes !== undefined)("are all among those that fail here, but for those that no port makes", async () => {
      const { modelled, others } = routes ?? { modelled: [], others: {} };
      const made = new Set<string>();
      for (const { call, scenario } of all) {
        if (lacks.includes(call)) continue;
        const subject = await scenario(await world());
        (await world()).heard();
        await subject.run(fetch);
        for (const name of (await world()).heard()) made.add(name);
      }
      const known = Object.values(others).flat();
      expect(modelled.filter((name) => !made.has(name) && !known.includes(name))).toEqual([]);
      expect(known.filter((name) => made.has(name) || !modelled.includes(name))).toEqual([]);
    });
  });
}
