import { type Item, itemSchema, sameItem, UserError } from "@glu/core";

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
      if (key === "__proto__") throw refuseProto(`${JSON.stringify(pair)} in ${what}`);
      return [key, pair.slice(at + 1)];
    }),
  );
}

/** Not a name like others for JavaScript and what is written in it: it would be lost somewhere on the way. */
function refuseProto(what: string): UserError {
  return new UserError("input/reserved-name", `${what} uses the name "__proto__".`, {
    seen: "__proto__",
    fix: "Give it another name.",
  });
}

/**
 * A file of `KEY=value` lines, as dotenv files are: `#` starts a comment at the start of a line and after a space;
 * quotes around a whole value are removed, and in them a `#` is one.
 * @throws UserError `input/pair`, `input/encoding`
 */
export function parsePairsFile(content: Uint8Array, path: string): Record<string, string> {
  const lines = textOf(content, path)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const pairs = parsePairs(lines, path);
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, readValue(value)]));
}

function readValue(text: string): string {
  const quoted = /^\s*(["'])(.*?)\1(?:\s+#.*|\s*)$/.exec(text);
  return quoted?.[2] ?? text.replace(/\s+#.*$/, "");
}

function textOf(content: Uint8Array, path: string): string {
  const refuse = (why: string, cause?: unknown) =>
    new UserError("input/encoding", `The file ${path} ${why}.`, { seen: path, fix: "Save it as UTF-8 text.", cause });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw refuse("is not UTF-8", cause);
  }
  if (text.includes("\0")) throw refuse("holds a NUL character");
  return text;
}

/** The items that were given, each once. @throws UserError `artifact/item-exists` for two different ones of one name */
export function parseItems(texts: readonly string[]): Item[] {
  const items = new Map<string, Item>();
  for (const item of texts.map(parseItem)) {
    const known = items.get(item.name);
    if (known !== undefined && !sameItem(known, item)) {
      throw new UserError("artifact/item-exists", `Two different items are given as ${JSON.stringify(item.name)}.`, {
        seen: item.name,
        fix: "Give each a name of its own.",
      });
    }
    items.set(item.name, item);
  }
  return [...items.values()];
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
    value = JSON.parse(text, (key, one: unknown) => {
      if (key === "__proto__") throw refuseProto("An item");
      return one;
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refuse("its JSON cannot be read");
  }
  const parsed = itemSchema.safeParse(value);
  if (!parsed.success) throw refuse(`${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
