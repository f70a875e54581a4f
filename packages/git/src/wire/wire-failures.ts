import { type Clock, type GluError, OutsideError, parseRetryAfter, type RefName, shortRef } from "@glu/core";
import { MalformedReply } from "../objects/malformed-reply.ts";
import { type Credentials, scrubber } from "../process/authorization.ts";
import { HttpRefusal } from "./protocol/refuse.ts";
import { WireUnfit } from "./wire-unfit.ts";

export interface WireFailuresOptions {
  /** Without credentials, for messages. */
  url: string;
  credentials?: Credentials;
  clock: Clock;
}

export type Doing = "reading" | "writing";

/** What failures of the wire mean, in the words and codes that the git binary's have. */
export class WireFailures {
  readonly #options: WireFailuresOptions;
  readonly #scrub: (text: string) => string;

  constructor(options: WireFailuresOptions) {
    this.#options = options;
    this.#scrub = scrubber(options.credentials);
  }

  /** Runs a task that talks to the server. @throws GluError `repository/…`; WireUnfit; a bug as it is */
  async explained<T>(ref: RefName, doing: Doing, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw await this.meaningOf(error, ref, doing);
    }
  }

  /** What a failure means; anything that is none of the wire's as it is. */
  async meaningOf(error: unknown, ref: RefName, doing: Doing): Promise<unknown> {
    if (error instanceof HttpRefusal)
      return this.#isForGit(error) ? new WireUnfit(error.message) : this.#refused(error, ref, doing);
    if (!(error instanceof MalformedReply)) return error;
    const { url } = this.#options;
    return new OutsideError("repository/malformed-reply", `${url} sent an answer that is not Git's: ${error.message}`, {
      seen: error.message,
      fix: "Run again. If it stays so, look at what lies between here and the server, and run 'git fsck' there.",
      transient: true,
      cause: error,
    });
  }

  /** What a server's words mean. @param status the line of a refused ref, as `git push --porcelain` prints it */
  async explain(stderr: string, ref: RefName, doing: Doing, status?: string): Promise<GluError> {
    // Loaded when something has failed: most runs get by without it.
    const { explainFailure } = await import("../remote/failure.ts");
    return explainFailure({
      stderr: this.#scrub(stderr),
      ...(status === undefined ? {} : { status }),
      writing: doing === "writing",
      location: this.#options.url,
      branch: shortRef(ref),
    });
  }

  /** Credential helpers and redirects without a token are Git's business. */
  #isForGit({ answer }: HttpRefusal): boolean {
    if ((this.#options.credentials?.token ?? "") !== "") return false;
    return answer.status === 401 || answer.status === 403 || answer.redirected !== undefined;
  }

  async #refused(error: HttpRefusal, ref: RefName, doing: Doing): Promise<GluError> {
    const meaning = await this.explain(error.stderr, ref, doing);
    const retryAfter = parseRetryAfter(error.answer.retryAfter, this.#options.clock.now());
    if (retryAfter === undefined || !(meaning instanceof OutsideError) || !meaning.transient) return meaning;
    const { code, message, seen, fix } = meaning;
    const details = { seen, transient: true, retryAfter };
    return new OutsideError(code, message, fix === undefined ? details : { ...details, fix });
  }
}
