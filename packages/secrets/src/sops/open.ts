import { unwrapByAge } from "./data-key.ts";
import { decryptTree } from "./decrypt-tree.ts";
import { decryptValue } from "./encrypted-value.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import type { PlainValue } from "./plain-value.ts";
import { Refusal } from "./refusals.ts";
import { selection } from "./selection.ts";
import { readDotenv } from "./stores/dotenv.ts";
import { unflatten } from "./stores/flat-metadata.ts";
import { readIni } from "./stores/ini.ts";
import { readJson } from "./stores/json.ts";
import { readYaml } from "./stores/yaml.ts";
import type { Branch, Documents } from "./tree.ts";

/** How a file is written; `binary` is a whole file as one value. */
export type Store = "yaml" | "json" | "dotenv" | "ini" | "binary";

/** An encrypted file: what stands in it, encrypted as it is, and what SOPS says of it. */
export interface SopsFile {
  documents: Documents;
  metadata: Metadata;
}

/** @throws Refusal of what is no such file, or none that SOPS has written */
export function readSops(text: string, store: Store): SopsFile {
  const { documents, sops } = parted(text, store);
  if (sops === undefined) throw new Refusal("it is not encrypted by SOPS: it has no metadata");
  return { documents, metadata: readMetadata(sops) };
}

/**
 * Decrypts a file of SOPS by identities of age, and checks that it is whole: its MAC is over every value in it.
 * @throws Refusal
 */
export async function decryptSops(
  { documents, metadata }: SopsFile,
  identities: readonly string[],
): Promise<Documents> {
  const key = await dataKey(metadata, identities);
  const { rule, macOnlyEncrypted } = metadata;
  const decrypted = decryptTree(documents, { key, isEncrypted: selection(rule), macOnlyEncrypted });
  const mac = decryptValue(metadata.mac, key, metadata.lastModified);
  if (mac.type !== "str" || mac.value !== decrypted.mac) throw new Refusal("its MAC is of another file");
  return decrypted.documents;
}

async function dataKey({ groups, threshold }: Metadata, identities: readonly string[]): Promise<Uint8Array> {
  if (groups.length > 1 || threshold > 1) throw new Refusal("its key is shared between groups");
  const wrapped = groups.flat().flatMap((one) => (one.kind === "age" ? [one.wrapped] : []));
  const key = await unwrapByAge(wrapped, identities);
  if (key.length !== 32) throw new Refusal("its data key has not 32 bytes");
  return key;
}

function parted(text: string, store: Store): { documents: Documents; sops: unknown } {
  switch (store) {
    case "yaml":
      return nested(readYaml(text));
    case "json":
    case "binary":
      return nested([readJson(text)]);
    case "ini": {
      const { rest, found } = take(readIni(text), (key) => key === "sops");
      const [section] = found;
      if (section?.node.kind !== "map") return { documents: [rest], sops: undefined };
      return { documents: [rest], sops: unflatten(withNewlines(section.node)) };
    }
    case "dotenv": {
      const { rest, found } = take(readDotenv(text), (key) => key.startsWith("sops_"));
      const items = found.map((item) => ({ ...item, key: item.key.slice("sops_".length) }));
      return { documents: [rest], sops: items.length === 0 ? undefined : unflatten({ kind: "map", items }) };
    }
  }
}

/** The metadata of the first document counts; each has its own copy. */
function nested(documents: Documents): { documents: Documents; sops: unknown } {
  const parts = documents.map((document) => take(document, (key) => key === "sops"));
  const [first] = parts;
  if ((first?.found.length ?? 0) > 1) throw new Refusal("it has sops twice");
  return { documents: parts.map(({ rest }) => rest), sops: first?.found.map(({ node }) => plain(node))[0] };
}

type Item = Extract<Branch<PlainValue>["items"][number], { kind: "item" }>;

function take(
  { items }: Branch<PlainValue>,
  isIt: (key: string) => boolean,
): { rest: Branch<PlainValue>; found: Item[] } {
  const found = items.filter((item): item is Item => item.kind === "item" && isIt(item.key));
  return { rest: { kind: "map", items: items.filter((item) => !found.includes(item as Item)) }, found };
}

/** In an INI file newlines of the metadata are written as in a text of C. */
function withNewlines({ items }: Branch<PlainValue>): Branch<PlainValue> {
  return {
    kind: "map",
    items: items.map((item) => {
      if (item.kind !== "item" || item.node.kind !== "value" || item.node.value.type !== "str") return item;
      const value = item.node.value.value.replaceAll("\\n", "\n");
      return { ...item, node: { kind: "value", value: { type: "str", value } } };
    }),
  };
}

function plain(node: Item["node"]): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "value":
      return node.value.type === "int" ? Number(node.value.value) : node.value.value;
    case "list":
      return node.items.flatMap((item) => (item.kind === "comment" ? [] : [plain(item)]));
    case "map":
      return Object.fromEntries(
        node.items.flatMap((item) => (item.kind === "item" ? [[item.key, plain(item.node)]] : [])),
      );
  }
}
