import { GluError } from "../errors.ts";

/** What is read; undefined where it cannot be, which whoever decides there says. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof GluError) return undefined;
    throw error;
  }
}
