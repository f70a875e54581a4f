import { readFileSync } from "node:fs";

/** What the real sops has encrypted; `make-vectors.sh` makes it. */
export const vector = (name: string): string => readFileSync(new URL(`vectors/${name}`, import.meta.url), "utf8");

const keys = new Map(
  vector("keys.txt")
    .trim()
    .split("\n")
    .map((line) => line.split(" ") as [string, string]),
);
const named = (name: string): string => {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`vectors/keys.txt has no ${name}.`);
  return key;
};

/** Identities of age that the vectors are encrypted to, and the recipients that they are. `hybrid` is post-quantum. */
export const [x25519, another, hybrid] = [named("x25519"), named("another"), named("hybrid")];
export const [x25519Recipient, hybridRecipient] = [named("x25519-recipient"), named("hybrid-recipient")];
