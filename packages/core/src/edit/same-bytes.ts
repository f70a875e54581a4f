import type { Bytes } from "../ports/config-repository.ts";

/** Whether two files are the same byte for byte; what is not there is the same as what is not there. */
export function sameBytes(one: Bytes | undefined, other: Bytes | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && Buffer.compare(one, other) === 0);
}
