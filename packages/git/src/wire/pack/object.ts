import { createHash } from "node:crypto";
import type { Sha } from "@glu/core";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** A Git object in memory. */
export interface GitObject {
  type: ObjectType;
  content: Buffer;
}

/** Its name: SHA-1 of type, length and content (gitformat-pack(5); the wire serves SHA-1 repositories only). */
export function objectId({ type, content }: GitObject): Sha {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex") as Sha;
}
