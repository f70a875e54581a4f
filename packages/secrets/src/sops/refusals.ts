/**
 * A file that is not read or not decrypted. It says why, and where in the file it was seen; never what stands there, since
 * it ends in a log.
 */
export class Refusal extends Error {
  /** The keys that lead to the value; none where it is the whole file. */
  readonly keys: readonly string[];

  constructor(message: string, keys: readonly string[] = []) {
    super(message);
    this.keys = keys;
  }
}
