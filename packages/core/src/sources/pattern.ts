import { UserError } from "../errors.ts";

/** What is compared of a name; undefined: the name does not count. */
export type Matcher = (name: string) => string | undefined;

/** Why a text can be no pattern, as far as it shows without the engine; undefined when nothing does. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === "") return "it is empty";
  if (pattern.length > 500) return "it is longer than 500 characters";
  if (/\(\?<?[=!]/.test(pattern)) return "it looks around";
  if (/(?:^|[^\\])(?:\\\\)*\\[1-9k]/.test(pattern)) return "it refers back to a group";
  try {
    // Groups are named in two ways, of which JavaScript knows one.
    new RegExp(pattern.replaceAll("(?P<", "(?<"));
    return undefined;
  } catch {
    return "it is no regular expression";
  }
}

/**
 * A regular expression that the whole name must match, by an engine whose time grows with the length of the name alone:
 * no pattern can hang a run. It is loaded when a pattern is used.
 * @throws UserError `source/pattern`
 */
export async function compilePattern(pattern: string | undefined): Promise<Matcher> {
  if (pattern === undefined) return (name) => name;
  const { RE2JS } = await import("re2js");
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (cause) {
    throw new UserError("source/pattern", `${JSON.stringify(pattern)} is not a pattern of a source.`, {
      seen: pattern,
      fix: "Write a regular expression of RE2: without look-around and back references.",
      cause,
    });
  }
  return (name) => {
    const matcher = compiled.matcher(name);
    if (!matcher.matches()) return undefined;
    return matcher.groupCount() === 0 ? name : (matcher.group(1) ?? undefined);
  };
}
