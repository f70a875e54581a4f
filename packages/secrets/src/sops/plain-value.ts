/**
 * A value as SOPS keeps it: what it was in the file that was encrypted, with its type. Integers are those of 64 bits, so they
 * are no numbers of JavaScript.
 */
export type PlainValue =
  | { type: "str"; value: string }
  | { type: "int"; value: bigint }
  | { type: "float"; value: number }
  | { type: "bool"; value: boolean }
  | { type: "bytes"; value: Uint8Array }
  /** RFC 3339, as Go prints it: with no more fractional digits than it needs. */
  | { type: "time"; value: string };

/**
 * A value as text: what is encrypted, and what the MAC is over (`ToBytes` in SOPS). There is one text of each value,
 * however it was written in the file.
 */
export function canonicalText(plain: Exclude<PlainValue, { type: "bytes" }>): string {
  switch (plain.type) {
    case "str":
    case "time":
      return plain.value;
    case "int":
      return plain.value.toString();
    case "float":
      return floatText(plain.value);
    case "bool":
      return plain.value ? "True" : "False";
  }
}

/** What the MAC is over. */
export function canonicalBytes(plain: PlainValue): Uint8Array {
  return plain.type === "bytes" ? plain.value : Buffer.from(canonicalText(plain), "utf8");
}

/** As `strconv.FormatFloat(value, 'f', -1, 64)` of Go: the fewest digits that mean this number, and never an exponent. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
