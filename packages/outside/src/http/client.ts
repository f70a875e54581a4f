import type { HttpAnswer, HttpClient, HttpQuestion } from "@glu/core";
import type { Environment } from "./agent.ts";
import { askOnce } from "./ask-once.ts";
import { misled, shown } from "./failure.ts";

export interface HttpClientOptions {
  /** Where the proxy is named. */
  env: Environment;
}

const mostRedirects = 5;

/** A client on Node's own HTTP: a connection per request, and certificates as Node trusts them (`NODE_EXTRA_CA_CERTS`). */
export function openHttpClient({ env }: HttpClientOptions): HttpClient {
  return {
    async ask(question, signal) {
      const first = new URL(question.url);
      let at = { question, url: first };
      for (let redirects = 0; redirects <= mostRedirects; redirects++) {
        const answer = await askOnce(at.question, at.url, env, signal);
        const to = locationOf(answer);
        if (to === undefined) return answer;
        at = follow(at.question, at.url, answer.status, to);
      }
      throw misled(first, `more than ${mostRedirects} times`);
    },
  };
}

/** Where an answer leads; undefined when it is none that does (RFC 9110, section 15.4). */
function locationOf({ status, headers }: HttpAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
}

/** The same question there. Headers are meant for the server they were given for, and so is what was posted. */
function follow(
  question: HttpQuestion,
  from: URL,
  status: number,
  location: string,
): { question: HttpQuestion; url: URL } {
  if (!URL.canParse(location, from.href)) throw misled(from, "to no address");
  const url = new URL(location, from);
  if (url.protocol !== "https:" && url.protocol !== from.protocol) {
    throw misled(from, `to ${url.protocol}//, which is not protected`);
  }
  if (url.username !== "" || url.password !== "") throw misled(from, "to an address with a password in it");
  const elsewhere = url.origin !== from.origin;
  const same = elsewhere ? { ...question, headers: {}, ca: undefined } : question;
  if (question.method !== "POST") return { question: same, url };
  if (status !== 307 && status !== 308) return { question: { ...same, method: "GET", body: undefined }, url };
  if (elsewhere) throw misled(from, `what was posted to ${shown(url)}, another host`);
  return { question, url };
}
