import { createPrivateKey, type KeyObject } from "node:crypto";
import { UserError } from "@glu/core";

/** Who an App is and how it proves it. */
export interface AppIdentity {
  /** Its client id, or its number. */
  id: string;
  /** PEM, PKCS#1 as GitHub gives it or PKCS#8; line breaks may be written as `\n`, as many secret stores keep them. */
  privateKey: string;
}

/** A key with its line breaks. */
export function unescapedKey(text: string): string {
  return text.includes("\n") ? text : text.replaceAll(String.raw`\r`, "").replaceAll(String.raw`\n`, "\n");
}

/** @throws UserError `app/key`, which repeats nothing of it */
export function readAppKey(text: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(unescapedKey(text).trim());
  } catch {
    // What OpenSSL says of it helps nobody, and what it was given is a secret.
    throw refuse("is no private key in PEM");
  }
  if (key.asymmetricKeyType !== "rsa") throw refuse("is no RSA key");
  return key;
}

function refuse(why: string): UserError {
  return new UserError("app/key", `GLU_APP_PRIVATE_KEY ${why}.`, {
    fix: "Put the whole file into the secret that GitHub gave for the App, from '-----BEGIN' to 'KEY-----'.",
  });
}
