import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { ApiCalls } from "@glu/core";
import { identityOf } from "./budget.ts";
import type { ForgeResponse } from "./http.ts";

/** What an answer is remembered under. */
export interface Place {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** For the runs to come as well. */
  keep: boolean;
}

/** An answer that the server may say is still the one. */
export interface Remembered {
  etag: string;
  /** It, after the server said so. @param now the headers of that answer: what they say is newer */
  answer(now: Headers): ForgeResponse;
}

interface Kept {
  etag: string;
  /** Those that a 304 need not repeat: where the next page is. */
  headers: Readonly<Record<string, string>>;
  json: unknown;
}

/** Headers of lists. */
const keptHeaders = ["link", "x-next-page", "x-total", "x-total-count"];

/** Of one run at most so many are kept: what is asked once is seldom asked again. */
const most = 500;

const answers = new WeakMap<ApiCalls, Map<string, Kept>>();

/** The name of a place: what one identity was told is not told to another. */
const nameOf = ({ url, headers }: Place): string => `${url}#${identityOf(headers)}`;

export async function rememberedAnswer(calls: ApiCalls, place: Place): Promise<Remembered | undefined> {
  const known = answers.get(calls)?.get(nameOf(place)) ?? (place.keep ? await keptAnswer(calls, place) : undefined);
  if (known === undefined) return undefined;
  const { etag, headers, json } = known;
  return {
    etag,
    answer: (now) => ({ status: 200, headers: new Headers({ ...headers, ...Object.fromEntries(now) }), json }),
  };
}

/** Keeps an answer that has a name of its own (RFC 9110, 8.8.3). */
export async function rememberAnswer(
  calls: ApiCalls,
  place: Place,
  { headers, json }: Pick<ForgeResponse, "headers" | "json">,
): Promise<void> {
  const etag = headers.get("etag");
  if (etag === null) return;
  const list = keptHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const kept: Kept = { etag, headers: Object.fromEntries(list), json };
  const own = answers.get(calls) ?? new Map<string, Kept>();
  answers.set(calls, own);
  if (own.size < most) own.set(nameOf(place), kept);
  if (!place.keep) return;
  await calls.memory?.put(nameOf(place), { etag, body: sealed(JSON.stringify(kept), keyOf(place)) });
}

async function keptAnswer({ memory }: ApiCalls, place: Place): Promise<Kept | undefined> {
  const found = await memory?.get(nameOf(place));
  if (found === undefined) return undefined;
  const text = unsealed(found.body, keyOf(place));
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Kept;
  // The two are written together; with another name the server would confirm what it never said.
  return kept.etag === found.etag ? kept : undefined;
}

/**
 * A memory may lie where others read it and write to it: a cache of a pipeline is open to all of its jobs. So an answer is
 * sealed with the token that it was given to: who does not have it can neither read the answer nor make one up.
 */
const keyOf = ({ headers }: Place): Buffer =>
  createHash("sha256")
    .update("glu answer\0")
    .update(JSON.stringify([...credentials(headers)]))
    .digest();

const credentials = (headers: Readonly<Record<string, string>>) =>
  ["authorization", "private-token", "job-token"].map((name) => headers[name] ?? "");

function sealed(text: string, key: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const content = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), content]);
}

/** Undefined for what this key has not sealed. */
function unsealed(body: Uint8Array, key: Buffer): string | undefined {
  if (body.length < 28) return undefined;
  const cipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, 12), { authTagLength: 16 });
  cipher.setAuthTag(body.subarray(12, 28));
  try {
    return Buffer.concat([cipher.update(body.subarray(28)), cipher.final()]).toString("utf8");
  } catch {
    // Another token's, or damaged: it is asked for again.
    return undefined;
  }
}
