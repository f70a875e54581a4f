import { refuse } from "../refusal.ts";
import { lineAt } from "../text/source.ts";

interface Range {
  start: number;
  /** Exclusive. */
  end: number;
}
export interface JsonObject extends Range {
  kind: "object";
  members: JsonMember[];
}
export interface JsonMember {
  key: string;
  keyStart: number;
  keyEnd: number;
  value: JsonNode;
}
export interface JsonArray extends Range {
  kind: "array";
  items: JsonNode[];
}
export interface JsonScalar extends Range {
  kind: "string" | "number" | "bool" | "null";
  value: string | number | boolean | null;
}
export type JsonNode = JsonObject | JsonArray | JsonScalar;

const space = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a JSON string has none
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
const maxDepth = 500;

/**
 * Parses JSON (RFC 8259) into nodes that know their ranges. Refuses what is not JSON (`edit/syntax`), also comments and
 * commas at the end, and a key given twice in one object (`edit/duplicate-key`).
 */
export function parseJson(text: string): JsonNode {
  let at = 0;
  const fail = (what: string): never => {
    const comment = /^\/[/*]/.test(text.slice(at, at + 2));
    // One character: what is in the file may be secret.
    const seen = at >= text.length ? "its end" : JSON.stringify(text[at]);
    const message = comment
      ? "The file has a comment; JSON has none."
      : `The file is not valid JSON: ${seen} where ${what} should be.`;
    return refuse("edit/syntax", message, { line: lineAt(text, at), fix: `Correct line ${lineAt(text, at)}.` });
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const takeChar = (char: string): boolean => {
    take(space);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };

  const object = (start: number, depth: number): JsonObject => {
    const members: JsonMember[] = [];
    const seen = new Set<string>();
    if (takeChar("}")) return { kind: "object", start, end: at, members };
    do {
      take(space);
      const keyStart = at;
      const key = JSON.parse(take(string) ?? fail("a key in double quotes")) as string;
      const keyEnd = at;
      if (seen.has(key)) {
        refuse("edit/duplicate-key", `The key ${JSON.stringify(key)} stands twice in one object.`, {
          line: lineAt(text, keyStart),
          fix: "Remove one of them.",
        });
      }
      seen.add(key);
      if (!takeChar(":")) fail('":"');
      members.push({ key, keyStart, keyEnd, value: node(depth + 1) });
    } while (takeChar(","));
    if (!takeChar("}")) fail('"," or "}"');
    return { kind: "object", start, end: at, members };
  };
  const array = (start: number, depth: number): JsonArray => {
    const items: JsonNode[] = [];
    if (takeChar("]")) return { kind: "array", start, end: at, items };
    do items.push(node(depth + 1));
    while (takeChar(","));
    if (!takeChar("]")) fail('"," or "]"');
    return { kind: "array", start, end: at, items };
  };
  const node = (depth: number): JsonNode => {
    take(space);
    const start = at;
    if (depth > maxDepth)
      refuse("edit/syntax", `The JSON is nested deeper than ${maxDepth}.`, { line: lineAt(text, at) });
    if (takeChar("{")) return object(start, depth);
    if (takeChar("[")) return array(start, depth);
    const value = JSON.parse(take(string) ?? take(scalar) ?? fail("a value")) as JsonScalar["value"];
    const kinds = { string: "string", number: "number", boolean: "bool", object: "null" } as const;
    return { kind: kinds[typeof value as keyof typeof kinds], start, end: at, value };
  };

  const root = node(0);
  take(space);
  if (at < text.length) fail("its end");
  return root;
}
