import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HttpMemory } from "@glu/core";

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/**
 * Answers of servers in a folder, a file each, which a pipeline can keep with its host's cache: the ETag and the SHA-256 of
 * the body on a line, then the body. What cannot be read or written, or is not what was written, is forgotten: it is asked
 * for again.
 */
export function openHttpMemory(folder: string): HttpMemory {
  const fileOf = (url: string): string => join(folder, `${sha256(url)}.answer`);
  return {
    async get(url) {
      const file = await readFile(fileOf(url)).catch(() => undefined);
      const end = file?.indexOf("\n") ?? -1;
      if (file === undefined || end < 0) return undefined;
      const [etag = "", digest] = file.toString("utf8", 0, end).split(" ");
      const body = file.subarray(end + 1);
      // Damage would stay for as long as the server says that nothing has changed.
      if (digest !== sha256(body)) return undefined;
      // A cache may be written by others: what could not stand in a header is no ETag.
      return /^[\x21-\x7e]{1,1000}$/.test(etag) ? { etag, body } : undefined;
    },
    async put(url, { etag, body }) {
      if (!/^[\x21-\x7e]{1,1000}$/.test(etag)) return;
      const file = fileOf(url);
      const part = `${file}.${process.pid}`;
      try {
        await mkdir(folder, { recursive: true });
        // Whole or not at all: half an answer with an ETag would be believed.
        await writeFile(part, Buffer.concat([Buffer.from(`${etag} ${sha256(body)}\n`), body]));
        await rename(part, file);
      } catch {
        await rm(part, { force: true }).catch(() => undefined);
      }
    },
  };
}
