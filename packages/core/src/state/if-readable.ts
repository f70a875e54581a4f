import { GluError } from "../errors.ts";

/** What is read; undefined where it cannot be, which whoever decides there says, or is told why. */
export function ifReadable<T>(read: () => T, why: (error: GluError) => void = () => {}): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    why(error);
    return undefined;
  }
}
