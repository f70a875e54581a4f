import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { type Answer, longestAnswer, type Question } from "./child/protocol.ts";
import { childTexts } from "./generated/child-texts.ts";
import { readAnswer } from "./read-answer.ts";
import { residentMemory } from "./resident-memory.ts";

/** Why there is no answer. */
export type NoAnswer = { kind: "too-slow" | "out-of-memory" | "ended" | "too-large" | "stopped" };

/** Megabytes of JavaScript's heap. */
const heap = 128;

/** Bytes of the whole process: dates and texts of many languages, among others, are made outside of the heap. */
const mostResident = 512 * 1024 * 1024;

/** Milliseconds between two looks at it. */
const lookEvery = 100;

/** Realms that are done with are not always given back in time, so a process is ended after so many questions. */
const mostQuestions = 100;

/** What Node is told of what the process may not do. */
export const permissionFlags: readonly string[] = [
  "--permission",
  "--experimental-vm-modules",
  "--disallow-code-generation-from-strings",
  "--frozen-intrinsics",
  `--max-old-space-size=${heap}`,
  "--unhandled-rejections=none",
  "--no-warnings",
  "--input-type=module",
];

const { host, ...texts } = childTexts;
const program = `const texts=${JSON.stringify(texts)};${host}`;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A process that answers one question at a time, in a realm that is new for each. It is started for the first one, and
 * again for the next after it had to be ended. It has no environment, no files, and gets all that it is told by a pipe.
 */
export class Sandbox implements Disposable {
  readonly #node: string;
  #child: Child | undefined;
  /** How many questions the process was asked. */
  #asked = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param node the path of the `node` to start */
  constructor(node: string) {
    this.#node = node;
  }

  /** @param limit milliseconds, counted from when it is this question's turn; twice that when it is asked again */
  ask(question: Question, limit: number, signal?: AbortSignal): Promise<Answer | NoAnswer> {
    const asked = this.#last.then(() => {
      return signal?.aborted ? ({ kind: "stopped" } as const) : this.#askFairly(question, limit, signal);
    });
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  /** What those before it left behind is not its fault: it is asked again where there is nothing. */
  async #askFairly(question: Question, limit: number, signal: AbortSignal | undefined): Promise<Answer | NoAnswer> {
    if (this.#asked >= mostQuestions) this.#end();
    const isFirst = this.#child === undefined;
    const answer = await this.#askNow(question, limit, signal);
    // A loop that goes on behind an answer lets no other one be given.
    if (isFirst || !["out-of-memory", "ended", "too-slow"].includes(answer.kind)) return answer;
    return this.#askNow(question, limit, signal);
  }

  #start(): Child {
    this.#asked = 0;
    const child: Child = spawn(this.#node, [...permissionFlags, "--eval", program], {
      // TMPDIR, HOME, PATH, NODE_OPTIONS: none of them.
      env: {},
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    // It waits for questions, and nobody waits for it.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref?(): void }).unref?.();
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    // A child that ended takes no question: its exit says so.
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("utf8");
    child.stderr.setEncoding("utf8");
    return child;
  }

  #end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #askNow(question: Question, limit: number, signal: AbortSignal | undefined): Promise<Answer | NoAnswer> {
    this.#child ??= this.#start();
    const child = this.#child;
    this.#asked += 1;
    return new Promise((resolve) => {
      let text = "";
      let complaint = "";
      const finish = (answer: Answer | NoAnswer, mayGoOn: boolean) => {
        clearTimeout(timer);
        clearInterval(watch);
        signal?.removeEventListener("abort", onAbort);
        child.stdout.off("data", onText);
        child.stderr.off("data", onComplaint);
        child.off("close", onClose);
        child.off("error", onError);
        if (!mayGoOn) this.#end();
        resolve(answer);
      };
      const onText = (part: string) => {
        text += part;
        if (text.length > longestAnswer + 1) finish({ kind: "too-large" }, false);
        else if (text.endsWith("\n")) finish(readAnswer(text) ?? { kind: "ended" }, true);
      };
      const onComplaint = (part: string) => {
        complaint = (complaint + part).slice(-10_000);
      };
      const onClose = () => finish({ kind: /out of memory/i.test(complaint) ? "out-of-memory" : "ended" }, false);
      const onError = () => finish({ kind: "ended" }, false);
      const onAbort = () => finish({ kind: "stopped" }, false);
      const timer = setTimeout(() => finish({ kind: "too-slow" }, false), limit);
      const watch = setInterval(() => {
        const resident = child.pid === undefined ? undefined : residentMemory(child.pid);
        if (resident !== undefined && resident > mostResident) finish({ kind: "out-of-memory" }, false);
      }, lookEvery);
      signal?.addEventListener("abort", onAbort, { once: true });
      child.stdout.on("data", onText);
      child.stderr.on("data", onComplaint);
      child.once("close", onClose);
      child.once("error", onError);
      child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }
}
