import { OutsideError } from "@glu/core";

/** What cannot be reached, in the words of the port: a repository, and not a forge. */
export async function asRepository<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof OutsideError) || error.code !== "forge/unreachable") throw error;
    const { message, seen, fix, transient, retryAfter } = error;
    const more = { ...(fix !== undefined && { fix }), ...(retryAfter !== undefined && { retryAfter }) };
    throw new OutsideError("repository/unreachable", message, { seen, transient, cause: error, ...more });
  }
}
