import { once } from "./once.ts";

/** A port all of whose calls are asynchronous. */
type Asynchronous<P> = { [K in keyof P]: (...given: never[]) => Promise<unknown> };

/** A port that is made when it is first called. @param calls all that it has */
export function whenCalled<P extends Asynchronous<P>>(open: () => Promise<P>, calls: readonly (keyof P & string)[]): P {
  const opened = once(open);
  const later =
    (call: keyof P) =>
    async (...given: never[]) => {
      const port = await opened();
      return port[call](...given);
    };
  return Object.fromEntries(calls.map((call) => [call, later(call)])) as unknown as P;
}
