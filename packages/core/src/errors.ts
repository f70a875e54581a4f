/**
 * What went wrong, as the caller must treat it. Each kind has one exit code, which is contract:
 * 1 bug · 2 usage or configuration · 3 refused or held · 4 an outside system.
 */
export type ErrorKind = "usage" | "refused" | "outside";

const exitCodes: Record<ErrorKind, number> = { usage: 2, refused: 3, outside: 4 };

/**
 * Where in a file something is. Line and column are 1-based. What a program made has no lines: it has the path of a
 * value, such as `environments.staging.from`.
 */
export interface ErrorPlace {
  line?: number;
  column?: number;
  path?: string;
}

/** One of several things that are wrong in the same file. */
export interface ErrorProblem extends ErrorPlace {
  code: string;
  message: string;
  fix?: string | undefined;
}

export interface ErrorDetails {
  /** The value that was seen, as data. Never a secret. */
  seen?: unknown;
  /** What the reader can do about it, in one sentence. */
  fix?: string;
  at?: { file: string } & ErrorPlace;
  /** All that is wrong in the file of `at`, when it is several; the message lists them, too. */
  problems?: readonly ErrorProblem[];
  cause?: unknown;
}

/**
 * An expected failure: it has a code such as `config/unknown-environment`, says what failed, what was seen and the
 * fix, and is shown without a stack. Anything else that is thrown is a bug.
 */
export class GluError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly seen: unknown;
  readonly fix: string | undefined;
  readonly at: ErrorDetails["at"];
  readonly problems: readonly ErrorProblem[];

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "GluError";
    this.kind = kind;
    this.code = code;
    this.seen = details.seen;
    this.fix = details.fix;
    this.at = details.at;
    this.problems = details.problems ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** Wrong usage or configuration: exit code 2. */
export class UserError extends GluError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super("usage", code, message, details);
  }
}

/** The request is understood and refused: exit code 3. */
export class RefusedError extends GluError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super("refused", code, message, details);
  }
}

/**
 * A server, a network or a tool failed: exit code 4. Whether it may be tried again is `transient`; `retryAfter` is how
 * many milliseconds the other side asked to wait first.
 */
export class OutsideError extends GluError {
  readonly transient: boolean;
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, details?: ErrorDetails & { transient?: boolean; retryAfter?: number }) {
    super("outside", code, message, details);
    this.transient = details?.transient ?? false;
    this.retryAfter = details?.retryAfter;
  }
}
