import type { Bytes, FileAt } from "../ports/config-repository.ts";

/** Whether two files are the same byte for byte; what is not there is the same as what is not there. */
export function sameBytes(one: Bytes | undefined, other: Bytes | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && Buffer.compare(one, other) === 0);
}

/** Whether two files are one, in kind and content; both may be absent. */
export function sameFile(one: FileAt | undefined, other: FileAt | undefined): boolean {
  return one?.kind === other?.kind && sameBytes(one?.content, other?.content);
}
