import { GluError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { type CallFault, callFaults, staleFetch, watchedFetch } from "../faults/faulty-fetch.ts";

/** Something that runs do over HTTP until it is whole. */
export interface FaultSubject {
  /** What one run does, by this `fetch`: it looks, and makes what is missing. */
  run(by: typeof fetch): Promise<unknown>;
  /** Nothing is lost, and nothing is there twice. */
  expectWhole(): Promise<void> | void;
  /** Of an unfinished state, after a run that failed: what must hold then. */
  expectSafe?(): Promise<void> | void;
}

export interface FaultSuite {
  /** One that nothing was done for yet. */
  create(): Promise<FaultSubject>;
  /** Must not be told. */
  token: string | (() => Promise<string>);
  /** Faults that cannot be told from the truth, such as 404 where it means that somebody is no member. */
  except?: readonly string[];
  /** Whether its lists may be behind what was changed; not those of a server with one database. Default: they may. */
  behind?: boolean;
  /** What the code of the error says, of a run that ends with one. */
  code?: (fault: CallFault) => RegExp;
  /** Which faults; default: all. */
  faults?: (fault: CallFault) => boolean;
  /**
   * For a server that takes its time: each call meets only every so manieth fault, the next call others, so that each
   * meets some and each is met. Default: each call meets all.
   */
  sample?: { every: number; first: number };
  /** Told what a call has met. */
  met?: (call: string, fault: string) => void;
}

/**
 * Every call of a run meets every fault, once and for as long as the run lasts. The run ends well, or with an error that
 * teaches and holds no token; after it runs that meet none make and leave everything whole.
 */
export function faultsContract(
  name: string,
  {
    create,
    token,
    except = [],
    behind: isBehind = true,
    faults: isOne = () => true,
    code,
    sample,
    met: tell,
  }: FaultSuite,
): void {
  const attempt = async (subject: FaultSubject, by: typeof fetch): Promise<GluError | undefined> => {
    try {
      await subject.run(by);
    } catch (error) {
      expect(error).toBeInstanceOf(GluError);
      const { fix, message, seen } = error as GluError;
      expect(fix).toMatch(/\S/);
      const secret = typeof token === "string" ? token : await token();
      expect(`${message} ${fix} ${JSON.stringify(seen)}`).not.toContain(secret);
      return error as GluError;
    }
    return undefined;
  };
  const wholeAtLast = async (subject: FaultSubject, runs: number): Promise<void> => {
    for (let run = 0; run < runs; run++) await subject.run(fetch);
    await subject.expectWhole();
  };
  let known: Promise<readonly string[]> | undefined;
  /** The calls of a run that meets nothing. */
  const calls = (): Promise<readonly string[]> => {
    known ??= see();
    return known;
  };
  const see = async (): Promise<readonly string[]> => {
    const subject = await create();
    const clean = watchedFetch(() => undefined);
    await subject.run(clean);
    await subject.expectWhole();
    expect(clean.names.length).toBeGreaterThan(0);
    return clean.names;
  };
  const meeting = async (fault: CallFault, meets: (at: { index: number; name: string }) => boolean): Promise<void> => {
    const subject = await create();
    let met = 0;
    const by = watchedFetch((at) => {
      if (!meets(at)) return undefined;
      met++;
      tell?.(at.name, fault.name);
      return fault;
    });
    const error = await attempt(subject, by);
    expect(met).toBeGreaterThan(0);
    // What ends well is whole: no fault is passed over.
    if (error === undefined) await subject.expectWhole();
    else {
      if (code !== undefined) expect(error.code).toMatch(code(fault));
      await subject.expectSafe?.();
    }
    await wholeAtLast(subject, error === undefined ? 1 : 2);
  };

  describe(`${name}, whose calls fail`, () => {
    const faults = callFaults.filter((fault) => isOne(fault) && !except.includes(fault.name));
    const lasting = faults.filter(({ lasts }) => lasts);
    if (sample !== undefined) {
      const chosen = (all: readonly CallFault[], index: number, every: number) =>
        all.filter((_, number) => (number + index + sample.first) % every === 0);
      it("is whole after some of them of any one call", async () => {
        for (const index of (await calls()).keys())
          for (const fault of chosen(faults, index, sample.every)) await meeting(fault, (at) => at.index === index);
      });

      it("is whole after one of them of a call for a whole run", async () => {
        for (const [index, wanted] of [...new Set(await calls())].entries())
          for (const fault of chosen(lasting, index, lasting.length))
            await meeting(fault, ({ name }) => name === wanted);
      });
      return;
    }
    it.each(faults.map((fault) => [fault.name, fault] as const))(
      "is whole after %s of any one call",
      async (_, fault) => {
        const names = await calls();
        for (const index of names.keys()) await meeting(fault, (at) => at.index === index);
      },
    );

    it.each(lasting.map((fault) => [fault.name, fault] as const))(
      "is whole after %s of a call for a whole run",
      async (_, fault) => {
        for (const wanted of new Set(await calls())) await meeting(fault, ({ name }) => name === wanted);
      },
    );

    if (!isBehind) return;
    it("is there once after a run that does not see yet what the one before made", async () => {
      const subject = await create();
      const behind = staleFetch();
      await attempt(subject, behind);
      await attempt(subject, behind);
      behind.fresh();
      await wholeAtLast(subject, 2);
    });
  });
}
