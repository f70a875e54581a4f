import { WireUnfit } from "../wire-unfit.ts";
import type { Answer } from "./connection.ts";

/** An answer of HTTP that is no answer of Git: the caller says what it means, in the words that Git would use. */
export class HttpRefusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`The requested URL returned error: ${answer.status}`);
    this.answer = answer;
  }

  /** As `git` prints it: the status, and what a server says in plain text. */
  get stderr(): string {
    const { status, contentType, body } = this.answer;
    const words = contentType === "text/plain" ? body.toString("utf8", 0, 4000).trim() : "";
    const remote = words === "" ? [] : words.split(/\r?\n/).map((line) => `remote: ${line}`);
    if (status === 401) remote.push("fatal: Authentication failed");
    return [...remote, `fatal: ${this.message}`].join("\n");
  }
}

/** @throws HttpRefusal for another status than 200; WireUnfit when it is no answer of Git's smart protocol */
export function refuse(answer: Answer, contentType: string): void {
  if (answer.status !== 200) throw new HttpRefusal(answer);
  if (answer.contentType !== contentType) {
    throw new WireUnfit(`The server answered with ${JSON.stringify(answer.contentType)}, not with Git's protocol.`);
  }
}
