import { type EditRefused, type RepoPath, UserError } from "@glu/core";

export interface RefusalDetails {
  /** 1-based. */
  line?: number;
  fix?: string;
}

/** Carries a refusal from where it is seen to the edge of the editor, where {@link refusing} returns it. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(code: string, message: string, details: RefusalDetails) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Stops the edit. `message` says what was seen; `details.fix` what the reader can do. */
export function refuse(code: string, message: string, details: RefusalDetails = {}): never {
  throw new Refusal(code, message, details);
}

/** What `work` returns, or the refusal it stopped at. Other errors are bugs and go on. */
export function refusing<T>(path: string, work: () => T): T | EditRefused {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "refused", code: error.code, message: error.message, path, ...error.details };
  }
}

/** What `work` returns; undefined when it is refused: a file that cannot be read by the rules holds no value. */
export function ifReadable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Runs a parser of the core; what it does not accept is refused as `edit/path`. */
export function refusePath(parse: () => RepoPath): RepoPath {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return refuse("edit/path", error.message, error.fix === undefined ? {} : { fix: error.fix });
  }
}
