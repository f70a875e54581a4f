import { describe, expect, test } from "vitest";
import { sealJson } from "../../test/seal.ts";
import { show } from "../../test/show.ts";
import { another, hybrid, hybridRecipient, vector, x25519, x25519Recipient } from "../../test/vectors.ts";
import { decryptSops, readSops, type Store } from "./open.ts";
import { readJson } from "./stores/json.ts";

const opened = async (name: string, store: Store, identities = [x25519]) =>
  show(await decryptSops(readSops(vector(name), store), identities));

describe("what the real sops has encrypted is read as it was", () => {
  test("values of every type in YAML, as go-yaml reads them", async () => {
    expect(await opened("types.yaml", "yaml")).toEqual([
      "---",
      "# a comment at the top",
      "# beside",
      'app.name str "web"',
      'app.port int "8080"',
      'app.ratio float "1.5"',
      'app.big int "123456789012345678"',
      'app.on str "yes"',
      'app.flag bool "True"',
      'app.when time "2024-01-02T03:04:05Z"',
      'app.day time "2024-01-02T00:00:00Z"',
      "app.none null",
      'app.empty str ""',
      'app.hex int "31"',
      'app.oct int "15"',
      'app.under int "1000"',
      'app.exp float "1000000000000000000000"',
      'app.inf float "+Inf"',
      'app.text str "several\\nlines\\n"',
      'app.public_unencrypted str "hello"',
      'list.0 str "one"',
      "# in a list",
      'list.1 str "two"',
      'list.2.a int "1"',
      'list.2.b.0 str "x"',
      'list.2.b.1 str "y"',
      'base.k str "v"',
      'derived.k str "v"',
      'quoted key str "single"',
    ]);
  });

  test("several documents of YAML", async () => {
    expect(await opened("documents.yaml", "yaml")).toEqual(["---", 'second int "1"', "---", 'third str "two"']);
  });

  // This sops reads every number of JSON as one of floating point; the newest keeps integers.
  const json = [
    "---",
    'z float "1"',
    'a.int float "9007199254740992"',
    'a.f float "1.5"',
    'a.big float "1000000000000000000000"',
    'a.s str "xé😀\\n"',
    'a.t bool "True"',
    "a.n null",
    'a.e str ""',
    'a.10 str "ten"',
    'a.2 str "two"',
    'a.l.0 float "1"',
    'a.l.1.0 float "2"',
    'a.l.1.1 str "3"',
    'a.l.2.k bool "False"',
    "a.o {}",
    "a.x []",
    'plain_unencrypted int "5"',
  ];

  test("values of every type in JSON", async () => {
    expect(await opened("types.json", "json")).toEqual(json);
  });

  const dotenv = [
    "---",
    "# top",
    'A str "1"',
    'PASSWORD str "se=cret \\"quoted\\" "',
    'MULTI str "a\\nb"',
    'EMPTY str ""',
  ];

  test("dotenv", async () => {
    expect(await opened("plain.env", "dotenv")).toEqual(dotenv);
  });

  test("INI", async () => {
    expect(await opened("plain.ini", "ini")).toEqual([
      "---",
      "DEFAULT {}",
      "#about",
      'web.user str "ada"',
      "#key",
      'web.pass str "\\"p"',
      '#w#d"',
      'web.multi str "a\\nb"',
      'db.host str "localhost"',
    ]);
  });

  test("a whole file", async () => {
    expect(await opened("whole.txt.json", "binary")).toEqual(["---", 'data str "first\\nsecond é\\n"']);
  });

  test.each([
    "unencrypted-suffix",
    "encrypted-suffix",
    "encrypted-regex",
    "unencrypted-regex",
    "encrypted-comment-regex",
    "unencrypted-comment-regex",
    "mac-only-encrypted",
  ])("the rule %s", async (rule) => {
    expect(await opened(`${rule}.yaml`, "yaml")).toEqual([
      "---",
      "# keep",
      'public str "seen"',
      'token_secret str "one"',
      'nested.user_secret str "two"',
      'nested.user str "three"',
      "# sops:enc",
      'hidden str "four"',
      "# sops:clear",
      'shown str "five"',
      'after str "six"',
      'list.0 str "seven"',
      "# sops:enc",
      'list.1 str "eight"',
    ]);
  });

  test("either of two recipients opens a file", async () => {
    expect(await opened("two-recipients.json", "json", [x25519])).toEqual(json);
    expect(await opened("two-recipients.json", "json", [another])).toEqual(json);
    await expect(opened("types.json", "json", [another])).rejects.toThrow("none of the keys at hand");
  });
});

test("a post-quantum recipient opens a file, alone and beside another", async () => {
  const root = readJson('{"password":"correct horse"}');
  for (const recipients of [[hybridRecipient], [x25519Recipient, hybridRecipient]]) {
    const file = readSops(await sealJson(root, { recipients }), "json");
    expect(show(await decryptSops(file, [hybrid]))).toEqual(["---", 'password str "correct horse"']);
  }
});
