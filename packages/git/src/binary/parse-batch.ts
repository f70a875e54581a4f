import type { Sha } from "@glu/core";

/** Parses `git cat-file --batch`: `<id> SP <type> SP <size> LF <content> LF` each; missing ones are left out. */
export function parseBatch(output: Buffer): Map<Sha, Buffer> {
  const objects = new Map<Sha, Buffer>();
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const [id = "", , size] = output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (size === undefined) continue;
    const length = Number(size);
    objects.set(id as Sha, output.subarray(at, at + length));
    at += length + 1;
  }
  return objects;
}
