import type { HttpMemory } from "./http-memory.ts";

/** What a server lets one identity ask of one kind within a time, as it last said. */
export interface ApiLimit {
  /** Its own word for the kind, such as `core`, `graphql`, `search`. */
  resource: string;
  limit: number;
  remaining: number;
  /** When all may be asked again: milliseconds since the epoch. */
  resetsAt: number;
}

/** What one identity asked of one server's API in this run. */
export interface ApiUse {
  /** The host of the API, such as `api.github.com`. */
  server: string;
  calls: number;
  /** Those of them that were answered with "nothing has changed": GitHub does not count them. */
  unchanged: number;
  /** One of each kind that was met. */
  limits: ApiLimit[];
  /** When asking was ended so that the limit is not exhausted: what was left undone then, as the error says it. */
  stopped: string | undefined;
}

/** What a run asks of APIs. There is one for a run, which all that ask share; who asks keeps it. */
export interface ApiCalls {
  /** By server and identity. */
  uses: Map<string, ApiUse>;
  /** What earlier runs were told; undefined: nothing is kept between runs. */
  memory: HttpMemory | undefined;
}

/** At the beginning of a run: nothing was asked. */
export const noApiCalls = (): ApiCalls => ({ uses: new Map(), memory: undefined });
