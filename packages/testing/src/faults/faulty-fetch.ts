type Fetch = typeof fetch;

/** What a call meets instead of its answer. */
export interface CallFault {
  name: string;
  /** Whether the call is carried out all the same: only its answer is lost. */
  done: boolean;
  /** Whether it also lasts for a whole run; of each kind of what is tried again one does. */
  lasts: boolean;
  /** @param real what the server said, where it was carried out */
  answer(real: Response | undefined, signal: AbortSignal | undefined): Response | Promise<Response>;
}

const json = { "content-type": "application/json" };
const says =
  (status: number, message: string, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response(JSON.stringify({ message }), { status, headers: { ...json, ...headers } });
/** What nobody waits for too long: a call without a signal would wait for ever, and so would the test. */
const never = (_: Response | undefined, signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    if (signal !== undefined) reject(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  });
const breaks = (): never => {
  throw new TypeError("fetch failed", {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });
};

/** A body that ends in the middle, of which the connection tells. */
function cut(real: Response | undefined): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"numb'));
      controller.error(new TypeError("terminated", { cause: Object.assign(new Error(), { code: "UND_ERR_SOCKET" }) }));
    },
  });
  return new Response(body, { status: real?.status === 204 ? 200 : (real?.status ?? 200), headers: json });
}

/** A whole answer with half of its JSON, as of a proxy. */
async function garbled(real: Response | undefined): Promise<Response> {
  const text = (await real?.text()) ?? "";
  const status = real?.status ?? 200;
  if (status === 204) return new Response(null, { status });
  return new Response(`${text.slice(0, Math.ceil(text.length / 2))}"`, { status, headers: json });
}

/** The faults that a call can meet, of which the next run must make everything whole. */
export const callFaults: readonly CallFault[] = [
  { name: "401", done: false, lasts: false, answer: says(401, "Bad credentials") },
  { name: "403", done: false, lasts: false, answer: says(403, "Resource not accessible by integration") },
  { name: "404", done: false, lasts: false, answer: says(404, "Not Found") },
  { name: "409", done: false, lasts: false, answer: says(409, "Conflict") },
  { name: "422", done: false, lasts: false, answer: says(422, "Validation Failed") },
  { name: "429", done: false, lasts: true, answer: says(429, "Slow down") },
  {
    name: "429 with Retry-After",
    done: false,
    lasts: true,
    answer: says(429, "Slow down", { "retry-after": "7" }),
  },
  {
    name: "403 with Retry-After",
    done: false,
    lasts: false,
    answer: says(403, "Secondary limit", { "retry-after": "7" }),
  },
  {
    name: "a secondary limit without a time",
    done: false,
    lasts: true,
    answer: says(403, "You have exceeded a secondary rate limit"),
  },
  { name: "500", done: false, lasts: true, answer: says(500, "Oh no") },
  { name: "502", done: false, lasts: false, answer: () => new Response("<html>", { status: 502 }) },
  {
    name: "503 with Retry-After",
    done: false,
    lasts: false,
    answer: says(503, "Maintenance", { "retry-after": "5" }),
  },
  { name: "504", done: false, lasts: false, answer: () => new Response("", { status: 504 }) },
  { name: "no answer in time", done: false, lasts: true, answer: never },
  { name: "a connection that breaks", done: false, lasts: false, answer: breaks },
  { name: "500 after it was done", done: true, lasts: true, answer: says(500, "Oh no") },
  { name: "502 after it was done", done: true, lasts: false, answer: () => new Response("<html>", { status: 502 }) },
  { name: "no answer in time after it was done", done: true, lasts: false, answer: never },
  { name: "a connection that breaks after it was done", done: true, lasts: true, answer: breaks },
  { name: "a body that ends after it was done", done: true, lasts: false, answer: cut },
  { name: "half of the JSON after it was done", done: true, lasts: false, answer: garbled },
];

/** A call without what differs from run to run: `POST /repos/…/pulls/#/comments`; of GraphQL with its name. */
export function callName(input: Parameters<Fetch>[0], init: RequestInit = {}): string {
  const { pathname } = new URL(String(input));
  const asked = /"query":"(?:query|mutation) (\w+)/.exec(String(init.body))?.[1] ?? "";
  const path = decodeURIComponent(pathname)
    .replace(/[0-9a-f]{40}/g, "…")
    .replace(/\d+/g, "#");
  return `${init.method ?? "GET"} ${path} ${asked}`.trimEnd();
}

/** A list, or an object that counts what it lists, as of workflow runs. */
function isList(body: string | undefined): boolean {
  const json: unknown = body === undefined ? undefined : JSON.parse(body);
  return Array.isArray(json) || (typeof json === "object" && json !== null && "total_count" in json);
}

/** What goes over the wire, seen by its number and name. */
export function watchedFetch(meet: (call: { index: number; name: string }) => CallFault | undefined): Fetch & {
  names: readonly string[];
} {
  const names: string[] = [];
  const faulty = async (input: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const name = callName(input, init);
    const fault = meet({ index: names.push(name) - 1, name });
    if (fault === undefined) return fetch(input, init);
    return fault.answer(fault.done ? await fetch(input, init) : undefined, init.signal ?? undefined);
  };
  return Object.assign(faulty, { names });
}

/**
 * Answers of a server that is behind: a list that is read again is what was there when it was first read. One thing by
 * itself is as it is, and changes go through.
 */
export function staleFetch(): Fetch & { fresh(): void } {
  const first = new Map<string, { body: string | undefined; status: number; headers: Headers }>();
  let isStale = true;
  const stale = async (input: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? "GET";
    if (method !== "GET" || !isStale) return fetch(input, init);
    const known = first.get(String(input));
    if (known !== undefined) return new Response(known.body, known);
    const { "if-none-match": _, ...headers } = (init.headers ?? {}) as Record<string, string>;
    const response = await fetch(input, { ...init, headers });
    const body = [204, 304].includes(response.status) ? undefined : await response.text();
    const kept = { body, status: response.status, headers: response.headers };
    if (isList(body)) first.set(String(input), kept);
    return new Response(body, kept);
  };
  return Object.assign(stale, {
    fresh: () => {
      isStale = false;
    },
  });
}
