import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OutsideError } from "@glu/core";
import { broken, shown } from "./failure.ts";

/** Bytes of a body, unpacked, for each megabyte that may be read. */
const megabyte = 1_000_000;

/**
 * The body as text, unpacked when the server packed it (RFC 9110, section 8.4.1).
 * @throws OutsideError `http/too-large`, `http/broken`; and what reading throws
 */
export async function readBody(incoming: IncomingMessage, url: URL, megabytes = 1): Promise<string> {
  const decoder = await decoderOf(incoming, url);
  const chunks: Uint8Array[] = [];
  let excess: OutsideError | undefined;
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > megabytes * megabyte) {
        excess = tooLarge(url, megabytes);
        throw excess;
      }
      chunks.push(chunk);
    }
  };
  try {
    await (decoder === undefined ? pipeline(incoming, collect) : pipeline(incoming, decoder, collect));
  } catch (error) {
    // Node 20 throws what closing the connection gave instead.
    throw excess ?? error;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function tooLarge(url: URL, megabytes: number): OutsideError {
  return new OutsideError("http/too-large", `The answer of ${shown(url)} is larger than ${megabytes} MB.`, {
    fix: "Ask an address that says less; with method HEAD only the status is asked for.",
  });
}

async function decoderOf({ headers }: IncomingMessage, url: URL): Promise<Transform | undefined> {
  const coding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (coding === "" || coding === "identity") return undefined;
  const { createBrotliDecompress, createGunzip, createInflate } = await import("node:zlib");
  if (coding === "gzip" || coding === "x-gzip") return createGunzip();
  if (coding === "deflate") return createInflate();
  if (coding === "br") return createBrotliDecompress();
  throw broken(url, `it is packed as ${coding.slice(0, 20)}`);
}
