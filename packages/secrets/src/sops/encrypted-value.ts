import { createDecipheriv } from "node:crypto";
import type { PlainValue } from "./plain-value.ts";
import { Refusal } from "./refusals.ts";

export const notEncrypted = "it is not encrypted, and should be";
const malformed = "it is not written as SOPS writes what it has encrypted";
const notAuthentic = "it was changed since it was encrypted, or belongs elsewhere";
const notOfItsType = "it is no value of the type that it names";

export type Decrypted = PlainValue | { type: "comment"; value: string };

const form = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:([a-z]+)\]$/;

/** Whether it looks like a value that SOPS has encrypted, be it whole or not. */
export const looksEncrypted = (text: string): boolean => text.startsWith("ENC[");

/** Whether it looks like a comment that SOPS has encrypted. */
export const looksLikeComment = (text: string): boolean => looksEncrypted(text) && text.endsWith(",type:comment]");

/**
 * Decrypts a value of SOPS: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`, each in base64. What SOPS would read as well, such
 * as text behind the bracket or bits that base64 does not use, is refused: a file that was not changed has none of it.
 * @param key of 32 bytes
 * @param context the additional data: see `contextOf`
 * @throws Refusal
 */
export function decryptValue(text: string, key: Uint8Array, context: string): Decrypted {
  if (!looksEncrypted(text)) throw new Refusal(notEncrypted);
  const [, ...parts] = form.exec(text) ?? [];
  const [data, iv, tag] = parts.slice(0, 3).map(decodeBase64);
  if (data === undefined || iv === undefined || tag?.length !== 16) throw new Refusal(malformed);
  const plain = open({ data, iv, tag }, key, context);
  return typed(parts[3] ?? "", plain);
}

/** The additional data of a value: the keys that lead to it. Places in lists do not count. */
export const contextOf = (keys: readonly string[]): string => `${keys.join(":")}:`;

function open(sealed: { data: Buffer; iv: Buffer; tag: Buffer }, key: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context, "utf8"));
  decipher.setAuthTag(sealed.tag);
  try {
    return Buffer.concat([decipher.update(sealed.data), decipher.final()]);
  } catch {
    // Its message would be that of OpenSSL, which tells no more.
    throw new Refusal(notAuthentic);
  }
}

/** Undefined where it is not how an encoder writes it. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

function typed(type: string, plain: Buffer): Decrypted {
  if (type === "bytes") return { type, value: plain };
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const value = decode(() => text.decode(plain));
  switch (type) {
    case "str":
    case "comment":
    case "time":
      return { type, value };
    case "int":
      if (!/^-?(0|[1-9]\d*)$/.test(value)) throw new Refusal(notOfItsType);
      return { type, value: BigInt(value) };
    case "float":
      return { type, value: floatOf(value) };
    case "bool":
      if (!/^(True|False|true|false)$/.test(value)) throw new Refusal(notOfItsType);
      return { type, value: value.toLowerCase() === "true" };
    default:
      throw new Refusal(malformed);
  }
}

function floatOf(text: string): number {
  const special = { "+Inf": Infinity, "-Inf": -Infinity, NaN: Number.NaN }[text];
  if (special !== undefined) return special;
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Refusal(notOfItsType);
  return Number(text);
}

function decode<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new Refusal(notOfItsType);
  }
}
