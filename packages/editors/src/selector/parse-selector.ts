import { refuse } from "../refusal.ts";
import type { DocumentName, Segment, Selector } from "./selector.ts";

/** What a key may consist of without quotes. */
export const bareKey = /[^\s.:/[\]"'=\\]+/y;
/** What `kind`, `namespace` and `name` may consist of without quotes. */
export const barePart = /[^\s:/[\]"'\\]+/y;
/** What may follow `=` without quotes: also image names such as `localhost:5000/web`. */
export const bareValue = /[^\s[\]"]+/y;
const index = /(?:0|[1-9][0-9]{0,8})(?=\])/y;
/** A key that could also be meant as an index. */
export const digits = /^\d+$/;
// A JSON string (RFC 8259, section 7).
// biome-ignore lint/suspicious/noControlCharactersInRegex: such a string has none
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Reads a selector:
 *
 * ```
 * selector = [ document ":" ] first *rest
 * document = part "/" [ part "/" ] part          kind/name or kind/namespace/name
 * first    = key / bracket
 * rest     = "." key / bracket
 * bracket  = "[" index "]" / "[" string "]" / "[" ( key / string ) "=" ( value / string ) "]"
 * key      = 1*( any but white space . : / [ ] " ' = \ )
 * part     = 1*( any but white space : / [ ] " ' \ ) / string
 * value    = 1*( any but white space [ ] " )
 * string   = a JSON string
 * ```
 *
 * `image.tag` · `list.0` · `list[0]` · `env[name=LOG_LEVEL].value` · `annotations["example.com/x"].y` ·
 * `Deployment/web:spec.replicas` · `ClusterRole/"system:node":rules[0].verbs[0]`
 *
 * Refuses with `edit/selector`, naming the column.
 */
export function parseSelector(text: string): Selector {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const takeString = (): string | undefined => {
    const match = take(quoted);
    return match === undefined ? undefined : (JSON.parse(match) as string);
  };
  const takeChar = (char: string): boolean => {
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const wanted = (what: string): never => {
    const seen = at < text.length ? `${JSON.stringify(text[at])} at column ${at + 1}` : "its end";
    return refuse("edit/selector", `The selector ${JSON.stringify(text)} has ${seen} where ${what} should be.`, {
      fix: 'Write keys with other characters in brackets and quotes, such as annotations["example.com/x"].',
    });
  };

  const part = (): string | undefined => takeString() ?? take(barePart);
  const documentName = (): DocumentName | undefined => {
    const kind = part();
    if (kind === undefined || !takeChar("/")) return undefined;
    const second = part() ?? wanted("a name");
    const third = takeChar("/") ? (part() ?? wanted("a name")) : undefined;
    if (!takeChar(":")) wanted('":"');
    return third === undefined ? { kind, name: second } : { kind, namespace: second, name: third };
  };
  const bracket = (): Segment => {
    const number = take(index);
    const string = number === undefined ? takeString() : undefined;
    if (number === undefined && (string === undefined || text[at] === "=")) {
      const key = string ?? take(bareKey) ?? wanted("an index, a quoted key or key=value");
      if (!takeChar("=")) wanted('"="');
      const value = takeString() ?? take(bareValue) ?? wanted("a value");
      if (!takeChar("]")) wanted('"]"');
      return { kind: "item", key, value };
    }
    if (!takeChar("]")) wanted('"]"');
    if (string === undefined) return { kind: "index", index: Number(number) };
    return digits.test(string) ? { kind: "key", key: string, quoted: true } : { kind: "key", key: string };
  };

  const document = documentName();
  if (document === undefined) at = 0;
  const path: Segment[] = [takeChar("[") ? bracket() : { kind: "key", key: take(bareKey) ?? wanted("a key") }];
  while (at < text.length) {
    if (takeChar("[")) path.push(bracket());
    else if (takeChar(".")) path.push({ kind: "key", key: take(bareKey) ?? wanted("a key") });
    else wanted('"." or "["');
  }
  return document === undefined ? { path } : { document, path };
}
