import type { OutsideError, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "./asking.ts";
import type { ForgeName } from "./target.ts";

/** A port all of whose calls are asynchronous. */
type Asynchronous<P> = { [K in keyof P]: (...given: never[]) => Promise<unknown> };

/** What each forge has of a port, loaded when it is called for the first time. */
export type PerForge<P, A extends Asking> = Readonly<Record<ForgeName, (asking: A & AskingWithToken) => Promise<P>>>;

/**
 * A port on the forge that is asked.
 * @param calls all that it has
 * @param noToken the error of a call without a token
 */
export function onForge<P extends Asynchronous<P>, A extends Asking>(
  asking: A,
  forges: PerForge<P, A>,
  calls: readonly (keyof P & string)[],
  noToken: (call: keyof P & string) => UserError | OutsideError,
): P {
  const { forge, token } = asking;
  let loaded: Promise<P> | undefined;
  const later =
    (call: keyof P & string) =>
    async (...given: never[]) => {
      if (!token) throw noToken(call);
      loaded ??= forges[forge]({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
      return (await loaded)[call](...given);
    };
  return Object.fromEntries(calls.map((call) => [call, later(call)])) as unknown as P;
}
