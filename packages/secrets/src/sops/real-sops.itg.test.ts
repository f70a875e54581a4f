import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { show } from "../../test/show.ts";
import { x25519, x25519Recipient } from "../../test/vectors.ts";
import { decryptSops, readSops, type Store } from "./open.ts";
import { Refusal } from "./refusals.ts";
import { readJson } from "./stores/json.ts";

// The real sops encrypts files that nobody has chosen, and opens them; ours must read the same in them.
const folder = mkdtempSync(join(tmpdir(), "glu-sops-"));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { PATH: process.env.PATH ?? "", HOME: folder, SOPS_AGE_KEY: x25519, SOPS_DISABLE_VERSION_CHECK: "1" };

function sops(args: readonly string[]): string | undefined {
  try {
    return execFileSync("sops", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Error("sops is not installed: .ci/tools/sops installs it.", { cause: error });
    }
    return undefined;
  }
}

/** Encrypts it; undefined where sops itself does not take it. */
function sealed(text: string, name: string, rule: Readonly<Record<string, unknown>>): string | undefined {
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, ".sops.yaml"), JSON.stringify({ creation_rules: [{ age: x25519Recipient, ...rule }] }));
  return sops(["encrypt", name]);
}

/** The texts of all values, by path: what JSON cannot tell apart, such as a time and its text, is left out. */
const texts = (lines: readonly string[]) =>
  lines.filter((line) => !line.startsWith("#")).map((line) => line.replace(/ (str|int|float|bool|time) /, " "));

async function compare(
  text: string,
  store: Store,
  ending: string,
  rule: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const encrypted = sealed(text, `plain.${ending}`, rule);
  if (encrypted === undefined) return false;
  const ours = decryptSops(readSops(encrypted, store), [x25519]);
  writeFileSync(join(folder, `sealed.${ending}`), encrypted);
  const theirs = sops(["decrypt", "--output-type", "json", `sealed.${ending}`]);
  // A comment that it moves with what it is about can take it away from what it encrypted.
  if (theirs === undefined) await expect(ours, encrypted).rejects.toThrow(Refusal);
  else expect(texts(show(await ours))).toEqual(texts(show([readJson(theirs)])));
  return theirs !== undefined;
}

const rules = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { encrypted_suffix: "_secret" },
  { unencrypted_suffix: "_clear" },
  { encrypted_regex: "^(a|data)$" },
  { unencrypted_regex: "a|_clear$" },
  { encrypted_comment_regex: "sops:enc" },
  { unencrypted_comment_regex: "sops:clear" },
  { encrypted_suffix: "_secret", mac_only_encrypted: true },
);

const scalars = [
  ...[
    "text",
    "'quoted'",
    '"double \\u00e9"',
    '""',
    "~",
    "null",
    "true",
    "False",
    "yes",
    "off",
    "0",
    "-1",
    "017",
    "0o17",
  ],
  ...["0x1F", "1_000", "1.50", ".5", "1e3", "1e21", "1e-7", "9007199254740993", "9223372036854775807"],
  ...[
    "2024-01-02",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05.5",
    "2024-01-02t03:04:05+01:00",
    "12:30",
    "1.2.3",
    "0b11",
  ],
  ...["a: b".replace(": ", ":"), "'it''s'", "-", "é", "+1", "0xg", "08", "1__0", "._1", "-.5e3"],
];
const keys = ["a", "b_secret", "c_clear", "data", "'10'", '"q k"', "x-y", "on_"];
// None that is empty: in a list the real sops makes an empty text of it.
const comments = ["# sops:enc", "# sops:clear", "# just so", "#  two  words "];

type Shape = {
  key: string;
  comment: string | undefined;
  beside: string | undefined;
  value: string | Shape[] | (string | Shape[])[];
};
const comment = fc.option(fc.constantFrom(...comments), { nil: undefined, freq: 4 });
const { map } = fc.letrec<{ map: Shape[]; value: Shape["value"] }>((tie) => ({
  map: fc.uniqueArray(fc.record({ key: fc.constantFrom(...keys), comment, beside: comment, value: tie("value") }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ key }) => key,
  }),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...scalars),
    fc.array(fc.constantFrom(...scalars), { minLength: 1, maxLength: 3 }),
    tie("map"),
    fc.array(tie("map"), { minLength: 1, maxLength: 2 }),
  ),
}));

function yamlOf(shapes: readonly Shape[], indent = ""): string {
  return shapes
    .map(({ key, comment: above, beside, value }) => {
      const begin = `${above === undefined ? "" : `${indent}${above}\n`}${indent}${key}:`;
      const behind = beside === undefined ? "" : ` ${beside}`;
      if (typeof value === "string") return `${begin} ${value}${behind}\n`;
      if (isMap(value)) return `${begin}\n${yamlOf(value, `${indent}  `)}`;
      return `${begin}\n${value.map((one) => element(one, indent, behind)).join("")}`;
    })
    .join("");
}

const element = (one: string | Shape[], indent: string, behind: string): string =>
  typeof one === "string" ? `${indent}  - ${one}${behind}\n` : `${indent}  -\n${yamlOf(one, `${indent}    `)}`;

const isMap = (value: Exclude<Shape["value"], string>): value is Shape[] =>
  typeof value[0] === "object" && "key" in value[0];

const line = fc.string({ maxLength: 12 });
const dotenv = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/), line), {
    minLength: 1,
    maxLength: 6,
    selector: ([name]) => name,
  })
  .map((all) =>
    all.map(([name, value], index) => `${index % 3 === 1 ? "# about it\n" : ""}${name}=${value}\n`).join(""),
  );

const iniValues = [
  "x",
  "'single'",
  '"double"',
  "`p;w#d`",
  '"""three\nlines\n"""',
  "a = b",
  "a:b",
  "50%",
  "",
  "é",
  "C:/x",
  "a # b",
];
const ini = fc
  .uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom(...iniValues)),
    ),
    { minLength: 1, maxLength: 3, selector: ([name]) => name },
  )
  .map((all) =>
    all
      .map(
        ([name, pairs]) =>
          `; about\n[${name}]\n${Object.entries(pairs)
            .map((pair) => `${pair.join(" = ")}\n`)
            .join("")}`,
      )
      .join("\n"),
  );

const json = fc
  .dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), {
    minKeys: 1,
    noNullPrototype: true,
  })
  .filter((root) => !("sops" in root))
  .map((root) => JSON.stringify(root));

/** How many of so many files the real sops took and opened again. */
async function compareMany(files: fc.Arbitrary<string>, store: Store, ending: string, count: number): Promise<number> {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(files, rules, async (text, rule) => {
      if (await compare(text, store, ending, rule)) compared += 1;
    }),
    { numRuns: count },
  );
  return compared;
}

describe("what the real sops reads, ours reads", () => {
  test("YAML of every scalar, with comments and each rule", async () => {
    expect(
      await compareMany(
        map.map((shapes) => yamlOf(shapes)),
        "yaml",
        "yaml",
        150,
      ),
    ).toBeGreaterThan(75);
  });

  test("JSON", async () => {
    expect(await compareMany(json, "json", "json", 60)).toBeGreaterThan(30);
  });

  test("dotenv", async () => {
    expect(await compareMany(dotenv, "dotenv", "env", 60)).toBeGreaterThan(30);
  });

  test("INI", async () => {
    expect(await compareMany(ini, "ini", "ini", 60)).toBeGreaterThan(30);
  });
});
