import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sealJson, sealValue } from "../../test/seal.ts";
import { x25519, x25519Recipient } from "../../test/vectors.ts";
import { contextOf } from "./encrypted-value.ts";
import { decryptSops, readSops } from "./open.ts";
import { Refusal } from "./refusals.ts";
import { readJson } from "./stores/json.ts";

const plain =
  '{"user":"ada","password":"correct horse","port":5432,"ratio":0.5,"on":true,"note_unencrypted":"seen","list":["one","two"]}';
const key = randomBytes(32);
const sealed = await sealJson(readJson(plain), { recipients: [x25519Recipient], key });

type Json = Record<string, unknown> & { sops: Record<string, unknown> };
const parsed = (): Json => JSON.parse(sealed) as Json;

/** Undefined: it was decrypted. */
async function refusalOf(text: string): Promise<string | undefined> {
  try {
    await decryptSops(readSops(text, "json"), [x25519]);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.keys.join("."), error.message].filter((part) => part !== "").join(": ");
  }
}

test("what was not changed is decrypted", async () => {
  expect(await refusalOf(sealed)).toBeUndefined();
});

describe("every change of a byte is refused", () => {
  /** Every place of what is encrypted or is its MAC or its key, each with another letter of the same alphabet. */
  const places = [
    ...sealed.matchAll(
      /(?:data|iv|tag):([A-Za-z0-9+/]+)|"enc":"-----BEGIN AGE ENCRYPTED FILE-----((?:\\n|[A-Za-z0-9+/])+)/g,
    ),
  ].flatMap((found) => {
    const part = found[1] ?? found[2] ?? "";
    const begin = found.index + found[0].length - part.length;
    return Array.from(part, (letter, index) => ({ at: begin + index, letter }));
  });

  test(`of ${places.length} places, in values, the MAC and the key`, async () => {
    expect(places.length).toBeGreaterThan(1000);
    const taken: string[] = [];
    for (const { at, letter } of places) {
      // A newline of the armor is two signs here.
      if (letter === "\\" || sealed[at - 1] === "\\") continue;
      const other = letter === "A" ? "B" : "A";
      if ((await refusalOf(sealed.slice(0, at) + other + sealed.slice(at + 1))) === undefined)
        taken.push(`${at} ${letter}`);
    }
    expect(taken).toEqual([]);
  });

  test("also of bits that base64 does not use", async () => {
    // The last letter before = has bits that mean nothing: a reader that ignores them takes several texts for one.
    const places = [...sealed.matchAll(/([A-Za-z0-9+/])(=+)(?=,)/g)];
    expect(places.length).toBeGreaterThan(5);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (const { index, 1: letter = "" } of places) {
      const other = alphabet[alphabet.indexOf(letter) ^ 1];
      expect(await refusalOf(sealed.slice(0, index) + other + sealed.slice(index + 1))).toBeDefined();
    }
  });
});

describe("what was moved, taken away or put there is refused", () => {
  const changes: Record<string, [change: (json: Json) => void, refusal: string]> = {
    "two values that change places": [
      (json) => Object.assign(json, { user: json.password, password: json.user }),
      "user: it was changed since it was encrypted, or belongs elsewhere",
    ],
    "a value under another key": [
      (json) => Object.assign(json, { admin: json.user, user: undefined }),
      "admin: it was changed since it was encrypted, or belongs elsewhere",
    ],
    "a text in place of what is encrypted": [
      (json) => Object.assign(json, { password: "hunter2" }),
      "password: it is not encrypted, and should be",
    ],
    "a number in place of what is encrypted": [
      (json) => Object.assign(json, { port: 1 }),
      "port: it is not encrypted, and should be",
    ],
    "a clear value that is another": [
      (json) => Object.assign(json, { note_unencrypted: "changed" }),
      "its MAC is of another file",
    ],
    "a value that is gone": [(json) => void delete json.password, "its MAC is of another file"],
    "two of a list in another order": [(json) => void (json.list as string[]).reverse(), "its MAC is of another file"],
    "a value more, encrypted with the same key": [
      (json) => Object.assign(json, { more: sealValue({ type: "str", value: "x" }, key, contextOf(["more"])) }),
      "its MAC is of another file",
    ],
    "text behind a value": [
      (json) => Object.assign(json, { user: `${json.user} ` }),
      "user: it is not written as SOPS writes what it has encrypted",
    ],
    "a comment in place of a value": [
      (json) => Object.assign(json, { user: String(json.user).replace("type:str", "type:comment") }),
      "user: its type says that it is a comment, and it is none",
    ],
    "an element of a list that would be a comment": [
      (json) =>
        Object.assign(json.list as string[], {
          0: String((json.list as string[])[0]).replace("type:str", "type:comment"),
        }),
      "its MAC is of another file",
    ],
    "a type that there is none": [
      (json) => Object.assign(json, { user: String(json.user).replace("type:str", "type:text") }),
      "user: it is not written as SOPS writes what it has encrypted",
    ],
    "a text that would be a number": [
      (json) => Object.assign(json, { user: String(json.user).replace("type:str", "type:int") }),
      "user: it is no value of the type that it names",
    ],
    "a MAC that is gone": [(json) => void delete json.sops.mac, "it has no mac"],
    "a MAC that is empty": [(json) => Object.assign(json.sops, { mac: "" }), "it has no mac"],
    "a MAC that is not encrypted": [
      (json) => Object.assign(json.sops, { mac: "0".repeat(128) }),
      "it is not encrypted, and should be",
    ],
    "another time": [
      (json) => Object.assign(json.sops, { lastmodified: "2026-01-02T03:04:06Z" }),
      "it was changed since it was encrypted, or belongs elsewhere",
    ],
    "another rule, by which a value is clear": [
      (json) => Object.assign(json.sops, { unencrypted_suffix: "word" }),
      "note_unencrypted: it is not encrypted, and should be",
    ],
    "a MAC over less": [(json) => Object.assign(json.sops, { mac_only_encrypted: true }), "its MAC is of another file"],
    "two rules": [
      (json) => Object.assign(json.sops, { encrypted_regex: "^user$" }),
      "it has two rules: unencrypted_suffix, encrypted_regex",
    ],
    "a pattern that is none": [
      (json) => Object.assign(json.sops, { unencrypted_suffix: undefined, encrypted_regex: "(" }),
      "its metadata has a pattern that is none of RE2",
    ],
    "no recipient": [(json) => Object.assign(json.sops, { age: [] }), "it names no key"],
    "metadata that is gone": [
      (json) => void delete (json as Record<string, unknown>).sops,
      "it is not encrypted by SOPS: it has no metadata",
    ],
    "metadata that is a text": [
      (json) => Object.assign(json, { sops: "none" }),
      "what stands under sops is no mapping",
    ],
  };

  test.each(Object.entries(changes))("%s", async (_, [change, refusal]) => {
    const json = parsed();
    change(json);
    expect(await refusalOf(JSON.stringify(json))).toBe(refusal);
  });

  test("a key that is there twice", async () => {
    const again = sealed.replace('"user":', `"user":"${parsed().user}","user":`);
    expect(await refusalOf(again)).toBe("its MAC is of another file");
  });

  test("metadata that is there twice", async () => {
    expect(await refusalOf(sealed.replace(/}$/, `,"sops":${JSON.stringify(parsed().sops)}}`))).toBe(
      "it has sops twice",
    );
  });
});

test("a refusal says nothing of what is encrypted, nor of the key", async () => {
  const texts = await Promise.all(
    [
      sealed.replace("ENC[", "ENC{"),
      sealed.slice(0, -1),
      `${sealed}x`,
      sealed.replace(/"mac":"[^"]*"/, '"mac":"correct"'),
    ].map(refusalOf),
  );
  expect(texts).toEqual([
    "user: it is not encrypted, and should be",
    "it is no JSON",
    "it is no JSON",
    "it is not encrypted, and should be",
  ]);
});

describe("a key that does not fit", () => {
  test("of somebody else", async () => {
    const { generateX25519Identity } = await import("age-encryption");
    const other = await generateX25519Identity();
    await expect(decryptSops(readSops(sealed, "json"), [other])).rejects.toThrow(
      "none of the keys at hand is one of its recipients",
    );
    await expect(decryptSops(readSops(sealed, "json"), [])).rejects.toThrow(
      "none of the keys at hand is one of its recipients",
    );
    // Any of those at hand will do.
    expect(await decryptSops(readSops(sealed, "json"), [other, x25519])).toHaveLength(1);
  });

  test("that is none is not repeated", async () => {
    const wrong = `${x25519.slice(0, -1)}Q`;
    const refused = await decryptSops(readSops(sealed, "json"), [wrong]).catch((error: Error) => error.message);
    expect(refused).toBe("key 1 of those at hand is no identity of age");
  });
});
