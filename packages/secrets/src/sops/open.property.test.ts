import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sealJson } from "../../test/seal.ts";
import { show } from "../../test/show.ts";
import { x25519, x25519Recipient } from "../../test/vectors.ts";
import { decryptSops, readSops, type Store } from "./open.ts";
import type { PlainValue } from "./plain-value.ts";
import { Refusal } from "./refusals.ts";
import type { Rule } from "./selection.ts";
import type { Branch, Node } from "./tree.ts";

const value: fc.Arbitrary<PlainValue> = fc.oneof(
  fc.string({ unit: "binary" }).map((text): PlainValue => ({ type: "str", value: text.toWellFormed?.() ?? text })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int): PlainValue => ({ type: "int", value: int })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((one) => !Number.isInteger(one))
    .map((float): PlainValue => ({ type: "float", value: float })),
  fc.boolean().map((bool): PlainValue => ({ type: "bool", value: bool })),
);
const name = fc
  .oneof(
    fc.constantFrom("a", "b_secret", "c_unencrypted", "10", "2", "__proto__", "constructor"),
    fc.string({ maxLength: 5 }),
  )
  .filter((one) => one !== "sops");

const { node } = fc.letrec<{ node: Node<PlainValue>; list: Node<PlainValue>; map: Branch<PlainValue> }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    value.map((one) => ({ kind: "value", value: one }) as const),
    fc.constant({ kind: "null" } as const),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("node"), { maxLength: 4 }).map((items) => ({ kind: "list", items }) as const),
  map: branchOf(tie("node")),
}));

function branchOf(inner: fc.Arbitrary<Node<PlainValue>>): fc.Arbitrary<Branch<PlainValue>> {
  return fc
    .uniqueArray(fc.tuple(name, inner), { maxLength: 4, selector: ([key]) => key })
    .map((items) => ({ kind: "map", items: items.map(([key, one]) => ({ kind: "item", key, node: one }) as const) }));
}

const rule = fc.constantFrom<Rule | undefined>(
  undefined,
  { by: "encrypted_suffix", suffix: "_secret" },
  { by: "unencrypted_suffix", suffix: "_unencrypted" },
  { by: "encrypted_regex", regex: "^(a|c_.*)$" },
  { by: "unencrypted_regex", regex: "secret$" },
);

test("what was encrypted comes back as it was, whatever its rule", async () => {
  await fc.assert(
    fc.asyncProperty(branchOf(node), rule, fc.boolean(), async (tree, by, macOnlyEncrypted) => {
      const options = { recipients: [x25519Recipient], macOnlyEncrypted, ...(by === undefined ? {} : { rule: by }) };
      const text = await sealJson(tree, options);
      expect(show(await decryptSops(readSops(text, "json"), [x25519]))).toEqual(show([tree]));
    }),
    { numRuns: 100 },
  );
});

describe("whatever a file holds, it is read or refused", () => {
  const parts = fc.constantFrom(
    ..."{}[]:,\"'\n\\= #-&*!|>%@`\t;".split(""),
    "sops",
    "sops_mac",
    "[sops]",
    "ENC[AES256_GCM,data:,iv:,tag:,type:str]",
    "age",
    "enc",
    "mac",
    "lastmodified",
    "version",
    "---\n",
    "? ",
    "<<",
    "&a",
    "*a",
    "!!binary",
    "'''",
    '"""',
    "__list_0__map_",
    "\u0000",
    "\uFEFF",
    "1e999",
    "18446744073709551615",
    "null",
    "  ",
  );
  const text = fc.array(fc.oneof(parts, fc.string()), { maxLength: 40 }).map((all) => all.join(""));

  test.each<Store>(["yaml", "json", "dotenv", "ini", "binary"])("%s", (store) => {
    fc.assert(
      fc.property(text, (one) => {
        try {
          readSops(one, store);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["json", `${"[".repeat(100_000)}`],
    ["json", `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`],
    ["yaml", `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    [
      "yaml",
      "a: &a [x]\n" +
        Array.from(
          { length: 20 },
          (_, i) =>
            `a${i}: &a${i} [${Array(10)
              .fill(i === 0 ? "*a" : `*a${i - 1}`)
              .join(",")}]`,
        ).join("\n"),
    ],
    ["yaml", "a: &a\n  b: *a\n"],
    ["ini", `a = """${"b\n".repeat(10_000)}`],
    ["dotenv", `sops_${"__map_".repeat(50_000)}=1`],
    ["dotenv", `sops_a__list_99999999999999999999=1`],
  ] as [Store, string][])("what is deep, long or endless in %s", (store, one) => {
    expect(() => readSops(one, store)).toThrow(Refusal);
  });
});
