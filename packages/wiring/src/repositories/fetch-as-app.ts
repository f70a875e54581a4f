/**
 * A `fetch` that asks one API as an App: with the token of the moment, which is another one when a long run has outlived
 * the first. What goes elsewhere goes without.
 * @param token the token of the moment; undefined: there is none
 */
export function fetchAsApp(
  apiUrl: string,
  token: () => Promise<string | undefined>,
  through: typeof fetch,
): typeof fetch {
  const { origin } = new URL(apiUrl);
  return async (input, init) => {
    const { authorization: _, ...headers } = Object.fromEntries(new Headers(init?.headers));
    const current = new URL(String(input)).origin === origin ? await token() : undefined;
    const authorized = current === undefined ? headers : { ...headers, authorization: `Bearer ${current}` };
    return through(input, { ...init, headers: authorized });
  };
}
