import { z } from "zod";
import { duration } from "../../model/duration.ts";
import type { HttpAnswer, HttpQuestion } from "../../ports/outside.ts";
import type { GateFault, Look } from "../gate.ts";
import type { Mistake } from "../option.ts";
import { isAddress, isOpen, renderAddress, shownAddress } from "./address.ts";
import { askAgain } from "./ask-again.ts";
import { type Given, given, textOf, variable } from "./given.ts";
import { headerValue } from "./header.ts";
import { timeLimit, withinLimit } from "./time-limit.ts";
import { Unanswered } from "./unanswered.ts";

/** Where the API of a server begins. Templates may stand behind the host only. */
export const serverAddress = z
  .string()
  .regex(
    /^https?:\/\/[^\s/?#@{}\\]+(?:\/[^\s?#]*|\/[^?#]*\{\{[^?#]*)?$/,
    "must be an http or https address without user, password and query, with templates behind the host only",
  );

export const retries = z
  .number()
  .int()
  .min(0)
  .max(10)
  .describe("How often it is asked again while the server is busy. Default 2.");
export const timeout = timeLimit.describe("For all of it. Default 30s.");
export const token = z
  .strictObject({ env: variable })
  .describe("The variable of the job that holds the token, such as { env: ARGOCD_TOKEN }.");

/** What options say of any server. */
export interface ServerOptions {
  url: string;
  token?: { env: string } | undefined;
  headers?: Readonly<Record<string, Given>> | undefined;
  ca?: Given | undefined;
  retries?: number | undefined;
  timeout?: string | undefined;
}

export const limitOf = ({ timeout: wanted }: Pick<ServerOptions, "timeout">): number => duration(wanted ?? "30s");

/** That what must not be read on the way is not sent there in the open. */
export function openSecret({ url, token: wanted, headers = {} }: ServerOptions): Mistake | undefined {
  const isSecret = wanted !== undefined || Object.values(headers).some((value) => typeof value !== "string");
  if (!isSecret || !isOpen(url)) return undefined;
  const fix = "Write https://, so that nobody on the way can read the variable.";
  return {
    code: "config/value",
    key: "url",
    message: "must begin with https where a variable of the job is sent",
    fix,
  };
}

export function faultsInAddress(url: string): GateFault[] {
  if (isAddress(url)) return [];
  return [{ level: "error", message: `${JSON.stringify(url)} is no address`, fix: "Correct its host or port." }];
}

/** Megabytes of an answer: what a cluster keeps of one object fits, whatever stands around it. */
const megabytes = 4;

export interface ServerCodes {
  /** The job has no such variable. */
  none: string;
  /** There is no certificate in `ca`. */
  ca: string;
}

/**
 * Asks a server for one thing, again while it is busy.
 * @param codes of the gate
 * @throws Unanswered, OutsideError
 */
export async function askServer(
  codes: ServerCodes,
  options: ServerOptions,
  question: Partial<HttpQuestion> & { path: string },
  look: Look,
): Promise<{ answer: HttpAnswer; shown: string }> {
  const { none } = codes;
  const base = renderAddress(options.url, look.render).replace(/\/+$/, "");
  const own = options.token === undefined ? {} : { authorization: { ...options.token, prefix: "Bearer " } };
  const headers = Object.entries({ ...own, ...options.headers }).map(([name, value]) => [
    name.toLowerCase(),
    headerValue(name, value, look, none),
  ]);
  const { path, ...rest } = question;
  const url = `${base}${path}`;
  const ca = options.ca === undefined ? undefined : certificates(textOf(options.ca, look, none), codes.ca);
  const asked: HttpQuestion = {
    method: "GET",
    body: undefined,
    megabytes,
    ca,
    ...rest,
    url,
    headers: { accept: "application/json", ...rest.headers, ...Object.fromEntries(headers) },
  };
  const limit = limitOf(options);
  const answer = await withinLimit(look.signal, limit, (signal) =>
    askAgain(() => look.outside.http.ask(asked, signal), look, {
      retries: options.retries ?? 2,
      limit,
      signal,
      wants: (status) => status >= 200 && status <= 299,
    }),
  );
  return { answer, shown: shownAddress(url) };
}

export const ca = given.describe(
  "The certificate of the authority that the server's has to come from, in PEM, or that in base64 as a kubeconfig has it.",
);

const pem = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;

function certificates(text: string, code: string): string {
  const read = pem.test(text)
    ? text
    : new TextDecoder().decode(Uint8Array.from(decoded(text), (one) => one.charCodeAt(0)));
  if (pem.test(read)) return read;
  throw new Unanswered(code, "ca holds no certificate in PEM, nor one in base64", "the certificate of the authority");
}

function decoded(text: string): string {
  try {
    return atob(text.trim());
  } catch {
    // What is no base64 is told by who looks for a certificate in it.
    return "";
  }
}
