import { Refusal } from "./refusals.ts";
import { type Rule, usualRule } from "./selection.ts";

/** Who a file is encrypted to, as its metadata says it. What SOPS adds of it, such as a profile, is not kept. */
export type MasterKey =
  | { kind: "age"; recipient: string; wrapped: string }
  | { kind: "pgp"; fingerprint: string; wrapped: string }
  | { kind: "kms" | "gcp_kms" | "azure_kv" | "hc_vault" | "hckms"; name: string };

export interface Metadata {
  /** Of each group one key suffices; of the groups so many as `threshold` says. */
  groups: readonly (readonly MasterKey[])[];
  threshold: number;
  rule: Rule;
  macOnlyEncrypted: boolean;
  /** As it stands there: it is the additional data of the MAC. */
  lastModified: string;
  mac: string;
  version: string;
}

type Plain = Readonly<Record<string, unknown>>;

/** The metadata of a file, from what stands under `sops`. @throws Refusal */
export function readMetadata(sops: unknown): Metadata {
  if (!isPlain(sops)) throw new Refusal("what stands under sops is no mapping");
  const top = keysOf(sops);
  // So reads SOPS it: a list of keys at the top hides the groups.
  const groups = top.length > 0 ? [top] : listOf(sops.key_groups).map(keysOf);
  if (groups.length === 0) throw new Refusal("it names no key");
  return {
    groups,
    threshold: thresholdOf(sops.shamir_threshold, groups.length),
    rule: ruleOf(sops),
    macOnlyEncrypted: isTrue(sops.mac_only_encrypted),
    lastModified: textOf(sops, "lastmodified"),
    mac: textOf(sops, "mac"),
    version: textOf(sops, "version"),
  };
}

const services = {
  kms: "arn",
  gcp_kms: "resource_id",
  azure_kv: "name",
  hc_vault: "key_name",
  hckms: "key_id",
} as const;

function keysOf(from: unknown): MasterKey[] {
  if (!isPlain(from)) throw new Refusal("a group of keys is no mapping");
  return [
    ...listOf(from.age).map(
      (one): MasterKey => ({ kind: "age", recipient: textOf(one, "recipient"), wrapped: textOf(one, "enc") }),
    ),
    ...listOf(from.pgp).map(
      (one): MasterKey => ({ kind: "pgp", fingerprint: textOf(one, "fp"), wrapped: textOf(one, "enc") }),
    ),
    ...(Object.keys(services) as (keyof typeof services)[]).flatMap((kind) =>
      listOf(from[kind]).map((one): MasterKey => ({ kind, name: textOf(one, services[kind]) })),
    ),
  ];
}

function ruleOf(sops: Plain): Rule {
  const rules = (
    [
      ...(["unencrypted_suffix", "encrypted_suffix"] as const).map((by) => ({ by, suffix: given(sops[by]) })),
      ...(
        ["unencrypted_regex", "encrypted_regex", "unencrypted_comment_regex", "encrypted_comment_regex"] as const
      ).map((by) => ({ by, regex: given(sops[by]) })),
    ] as Rule[]
  ).filter((rule) => ("suffix" in rule ? rule.suffix : rule.regex) !== "");
  if (rules.length > 1) throw new Refusal(`it has two rules: ${rules.map(({ by }) => by).join(", ")}`);
  return rules[0] ?? usualRule;
}

/** All groups are needed where none is named. */
function thresholdOf(value: unknown, groups: number): number {
  const threshold = Number(value ?? 0);
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > groups) {
    throw new Refusal("shamir_threshold is no number of its groups");
  }
  return threshold === 0 ? groups : threshold;
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal("a list of keys is none");
  return value;
}

function textOf(from: unknown, key: string): string {
  const value = isPlain(from) ? from[key] : undefined;
  if (typeof value !== "string" || value === "") throw new Refusal(`it has no ${key}`);
  return value;
}

const given = (value: unknown): string => (typeof value === "string" ? value : "");

/** In stores of flat text it is one. */
const isTrue = (value: unknown): boolean => value === true || value === "true";
