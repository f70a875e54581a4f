import { type Item, itemSchema, UserError } from "@glu/core";

/** `KEY=value` pairs; a later one wins. */
export function parsePairs(pairs: readonly string[], what: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      const key = pair.slice(0, Math.max(at, 0)).trim();
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
        throw new UserError("input/pair", `${JSON.stringify(pair)} in ${what} is not KEY=value.`, {
          seen: pair,
          fix: "A key has letters, digits and '_'; the value is everything after the first '='.",
        });
      }
      return [key, pair.slice(at + 1)];
    }),
  );
}

/** A file of `KEY=value` lines: `#` starts a comment line, quotes around a whole value are removed. */
export function parsePairsFile(text: string, path: string): Record<string, string> {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const pairs = parsePairs(lines, path);
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, value.replace(/^(["'])(.*)\1$/, "$2")]));
}

/** `name=url`, or a JSON object with a `name`. */
export function parseItem(text: string): Item {
  const refuse = (why: string) =>
    new UserError("input/item", `${JSON.stringify(text)} is not an item: ${why}.`, {
      seen: text,
      fix: 'Give name=url, or JSON on one line such as {"name":"tests","url":"https://…","state":"passed"}.',
    });
  if (!text.trimStart().startsWith("{")) {
    const at = text.indexOf("=");
    if (at <= 0) throw refuse("it has no '='");
    return { name: text.slice(0, at).trim(), url: text.slice(at + 1).trim() };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("its JSON cannot be read");
  }
  const parsed = itemSchema.safeParse(value);
  if (!parsed.success) throw refuse(`${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
