import { describe, expect, test } from "vitest";
import { sealJson } from "../../test/seal.ts";
import { x25519, x25519Recipient } from "../../test/vectors.ts";
import { decryptSops, readSops } from "./open.ts";
import { readJson } from "./stores/json.ts";
import { unprovenIn } from "./unproven.ts";

const sealed = await sealJson(
  readJson(
    '{"password":"correct horse","hosts":[["a"],["b"]],"users":[{"name":"ada","word":"x"},{"name":"bob"}],"a":{"b":"c"},"host_unencrypted":"db","port_unencrypted":5432}',
  ),
  { recipients: [x25519Recipient] },
);

async function unproven(text: string): Promise<string[]> {
  const documents = await decryptSops(readSops(text, "json"), [x25519]);
  return documents.flatMap((document) => unprovenIn(document)).map(({ keys, why }) => `${keys.join(".")}: ${why}`);
}

const before = [
  "hosts: it is a list of lists or maps: where one of them ends nothing tells",
  "hosts: it is a list of lists or maps: where one of them ends nothing tells",
  "users: it is a list of lists or maps: where one of them ends nothing tells",
  "users: it is a list of lists or maps: where one of them ends nothing tells",
  "host_unencrypted: it is not encrypted: who changes its neighbours with it keeps the MAC",
  "port_unencrypted: it is not encrypted: who changes its neighbours with it keeps the MAC",
];

test("what was encrypted is proven, and nothing else", async () => {
  expect(await unproven(sealed)).toEqual(before);
});

type Json = Record<string, unknown>;

const isLast = (key: string) => key.endsWith("_unencrypted") || key === "sops";
/** What stands before a value that was moved, in its order, and what stands after it. */
const regrouped = (json: Json): Json => Object.fromEntries(Object.entries(json).filter(([key]) => !isLast(key)));
const clearOf = (json: Json): Json => Object.fromEntries(Object.entries(json).filter(([key]) => isLast(key)));

/** Each keeps the MAC: the real SOPS takes them all. */
const gaps: Record<string, [change: (json: Json) => Json, seen: string]> = {
  "clear text that moves to its neighbour": [
    (json) => ({ ...json, host_unencrypted: "db5", port_unencrypted: 432 }),
    "host_unencrypted: it is not encrypted: who changes its neighbours with it keeps the MAC",
  ],
  "a clear key that is renamed": [
    ({ host_unencrypted: host, port_unencrypted: port, sops, ...json }) => ({
      ...json,
      admin_unencrypted: host,
      port_unencrypted: port,
      sops,
    }),
    "admin_unencrypted: it is not encrypted: who changes its neighbours with it keeps the MAC",
  ],
  "a null": [(json) => ({ more: null, ...json }), "more: it is empty, and the MAC is over what is not"],
  "an empty text": [(json) => ({ more: "", ...json }), "more: it is empty, and the MAC is over what is not"],
  "an empty map": [(json) => ({ more: {}, ...json }), "more: it is empty, and the MAC is over what is not"],
  "an empty list": [(json) => ({ more: [], ...json }), "more: it is empty, and the MAC is over what is not"],
  "a map in a list that takes from another": [
    ({ users, a, ...json }) => {
      const [ada, bob] = users as [Json, Json];
      return { ...regrouped(json), users: [{ name: ada.name }, { word: ada.word, ...bob }], a, ...clearOf(json) };
    },
    "users: it is a list of lists or maps: where one of them ends nothing tells",
  ],
  "a key that swallows the one below it": [
    ({ a, ...json }) => ({ ...regrouped(json), "a:b": (a as Json).b, ...clearOf(json) }),
    "a:b: its key has a colon: keys that lead to a value are joined by colons",
  ],
  "a list that takes from another": [
    (json) => ({ ...json, hosts: [(json.hosts as string[][]).flat(), []] }),
    "hosts: it is a list of lists or maps: where one of them ends nothing tells",
  ],
};

describe("what the MAC does not see is told", () => {
  test.each(Object.entries(gaps))("%s", async (_, [change, seen]) => {
    expect(await unproven(JSON.stringify(change(JSON.parse(sealed) as Json)))).toContain(seen);
  });
});
