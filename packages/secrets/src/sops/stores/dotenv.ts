import type { PlainValue } from "../plain-value.ts";
import { Refusal } from "../refusals.ts";
import type { Branch } from "../tree.ts";

/**
 * Reads a dotenv file as SOPS does: lines of `key=value` and comments, all values text; `\n` in one is a newline. There are
 * no quotes, and blanks belong to what they stand in.
 * @throws Refusal
 */
export function readDotenv(text: string): Branch<PlainValue> {
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    kind: "map",
    items: lines.map((line) => {
      if (line.startsWith("#")) return { kind: "comment", text: line.slice(1) };
      const at = line.indexOf("=");
      if (at < 0) throw new Refusal("a line of it has no =");
      const value = line.slice(at + 1).replaceAll("\\n", "\n");
      return { kind: "item", key: line.slice(0, at), node: { kind: "value", value: { type: "str", value } } };
    }),
  };
}
