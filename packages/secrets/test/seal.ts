import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { armor, Encrypter } from "age-encryption";
import { contextOf } from "../src/sops/encrypted-value.ts";
import { canonicalBytes, type PlainValue } from "../src/sops/plain-value.ts";
import { type Rule, selection } from "../src/sops/selection.ts";
import type { Branch, Node } from "../src/sops/tree.ts";

/** What a test encrypts as SOPS does, written from the format: readers must find in it what went in. */
export interface Sealing {
  /** Recipients of age. */
  recipients: readonly string[];
  rule?: Rule;
  macOnlyEncrypted?: boolean;
  key?: Uint8Array;
}

export const lastModified = "2026-01-02T03:04:05Z";

/** Encrypts one value. Comments have a type of their own. */
export function sealValue(
  plain: PlainValue | { type: "comment"; value: string },
  key: Uint8Array,
  context: string,
): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(context, "utf8"));
  const bytes = plain.type === "comment" ? Buffer.from(plain.value, "utf8") : canonicalBytes(plain);
  const data = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const parts = [data, iv, cipher.getAuthTag()].map((part) => part.toString("base64"));
  return `ENC[AES256_GCM,data:${parts[0]},iv:${parts[1]},tag:${parts[2]},type:${plain.type}]`;
}

/** A JSON file of SOPS, from maps, lists and values without comments. */
export async function sealJson(root: Branch<PlainValue>, options: Sealing): Promise<string> {
  const { recipients, rule, macOnlyEncrypted = false, key = randomBytes(32) } = options;
  const isEncrypted = selection(rule ?? { by: "unencrypted_suffix", suffix: "_unencrypted" });
  const hash = createHash("sha512");
  if (macOnlyEncrypted) hash.update(createHash("sha256").update("sops").digest());
  const leaf = (plain: PlainValue, keys: readonly string[]): string => {
    const encrypted = isEncrypted({ keys, comments: [], isComment: false });
    if (encrypted || !macOnlyEncrypted) hash.update(canonicalBytes(plain));
    const isEmpty = plain.type === "str" && plain.value === "";
    return encrypted && !isEmpty ? JSON.stringify(sealValue(plain, key, contextOf(keys))) : clear(plain);
  };
  const written = (node: Node<PlainValue>, keys: readonly string[]): string => {
    switch (node.kind) {
      case "null":
        return "null";
      case "value":
        return leaf(node.value, keys);
      case "list":
        return `[${node.items.map((item) => written(item as Node<PlainValue>, keys)).join(",")}]`;
      case "map":
        return `{${node.items.flatMap((item) => (item.kind === "item" ? [member(item.key, item.node, keys)] : [])).join(",")}}`;
    }
  };
  const member = (name: string, node: Node<PlainValue>, keys: readonly string[]): string =>
    `${JSON.stringify(name)}:${written(node, [...keys, name])}`;
  const body = written(root, []);
  const age = await Promise.all(recipients.map(async (recipient) => ({ recipient, enc: await wrap(key, recipient) })));
  const mac = sealValue({ type: "str", value: hash.digest("hex").toUpperCase() }, key, lastModified);
  const named =
    rule === undefined
      ? { unencrypted_suffix: "_unencrypted" }
      : { [rule.by]: "suffix" in rule ? rule.suffix : rule.regex };
  const only = macOnlyEncrypted ? { mac_only_encrypted: true } : {};
  const sops = JSON.stringify({ age, lastmodified: lastModified, mac, ...named, ...only, version: "3.13.3" });
  return `${body.slice(0, -1)}${body === "{}" ? "" : ","}"sops":${sops}}`;
}

async function wrap(key: Uint8Array, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(key));
}

function clear(plain: PlainValue): string {
  switch (plain.type) {
    case "int":
      return plain.value.toString();
    case "float":
    case "bool":
    case "str":
      return JSON.stringify(plain.value);
    default:
      throw new Error(`JSON has no ${plain.type}.`);
  }
}
