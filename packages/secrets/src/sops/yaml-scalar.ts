import type { PlainValue } from "./plain-value.ts";
import { Refusal } from "./refusals.ts";

/** A scalar as go-yaml 3 reads it, which is what SOPS encrypts and what its MAC is over; undefined: null. */
export function readScalar(source: string): PlainValue | undefined {
  const named = byName.get(source);
  if (named !== undefined) return named.plain;
  const first = source[0] ?? "";
  // Here it asks Go itself, which takes an underscore between two digits alone.
  if (first === ".") return floatOf(source.replaceAll(/(?<=\d)_(?=\d)/g, "")) ?? { type: "str", value: source };
  if (!/[-+0-9]/.test(first)) return { type: "str", value: source };
  const time = timestampOf(source);
  if (time !== undefined) return { type: "time", value: time };
  const plain = source.replaceAll("_", "");
  const int = intOf(plain);
  if (int !== undefined) return int;
  return floatOf(plain) ?? { type: "str", value: source };
}

const byName = new Map<string, { plain: PlainValue | undefined }>([
  ...["", "~", "null", "Null", "NULL"].map((name) => [name, { plain: undefined }] as const),
  ...["true", "True", "TRUE"].map((name) => [name, { plain: { type: "bool", value: true } as const }] as const),
  ...["false", "False", "FALSE"].map((name) => [name, { plain: { type: "bool", value: false } as const }] as const),
  ...[".nan", ".NaN", ".NAN"].map((name) => [name, { plain: { type: "float", value: Number.NaN } as const }] as const),
  ...[".inf", ".Inf", ".INF"].flatMap((name) =>
    (["", "+", "-"] as const).map(
      (sign) =>
        [sign + name, { plain: { type: "float", value: sign === "-" ? -Infinity : Infinity } as const }] as const,
    ),
  ),
]);

const yamlFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** What no number of 64 bits is near to stays a string. */
function floatOf(text: string): PlainValue | undefined {
  const value = yamlFloat.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? { type: "float", value } : undefined;
}

const [least, most, mostUnsigned] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n];

/**
 * As `strconv.ParseInt(text, 0, 64)` and what go-yaml tries after it: a leading zero is octal.
 * @throws Refusal of what go-yaml takes for an unsigned integer, which SOPS cannot keep
 */
function intOf(text: string): PlainValue | undefined {
  const [, sign = "", prefix = "", digits = ""] =
    /^([-+]?)(0[xX]|0[oO]|0[bB]|0(?=\d))?([0-9a-fA-F]+)$/.exec(text) ?? [];
  const base = { "": "", "0x": "0x", "0b": "0b", "0o": "0o", "0": "0o" }[prefix.toLowerCase()] ?? "";
  if (digits === "" || !bases[base]?.test(digits)) return undefined;
  const size = BigInt(base + digits);
  const value = sign === "-" ? -size : size;
  if (sign === "" && value > most && value <= mostUnsigned)
    throw new Refusal("a number in it needs all 64 bits, without a sign");
  return value >= least && value <= most ? { type: "int", value } : undefined;
}

const bases: Record<string, RegExp> = { "": /^\d+$/, "0x": /^[0-9a-fA-F]+$/, "0o": /^[0-7]+$/, "0b": /^[01]+$/ };

/** In which forms go-yaml takes a time, and nothing else. */
const times = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?()$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2})()()()()()$/,
];

/** RFC 3339 as Go prints it; undefined where it is no time. */
function timestampOf(source: string): string | undefined {
  const found = times.map((one) => one.exec(source)).find((one) => one !== null);
  if (found === undefined) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part || 0)) as number[];
  const valid = new Date(0);
  valid.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  const isDay = valid.getUTCMonth() + 1 === month && valid.getUTCDate() === day;
  if (!isDay || (hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  const zone = found[8] || "Z";
  if (zone !== "Z" && (Number(zone.slice(1, 3)) > 24 || Number(zone.slice(4)) > 60)) return undefined;
  const two = (value: number | undefined) => String(value).padStart(2, "0");
  const fraction = (found[7] ?? "").slice(0, 9).replace(/0+$/, "");
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${fraction === "" ? "" : `.${fraction}`}`;
  const offset = /^[+-]00:00$/.test(zone) ? "Z" : zone;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}${offset}`;
}
