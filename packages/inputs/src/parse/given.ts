import { UserError } from "@glu/core";

/** What a host hands over for one input: a text, a flag's repeated values, or nothing. */
export type Given = string | readonly string[] | undefined;

/** All of a command's inputs as the host gave them, by their kebab-case name. */
export type RawInputs = Readonly<Record<string, Given>>;

/** Longest text that is taken; GitLab and GitHub allow less than this for a whole environment. */
const limit = 65_536;

/** How an input is named in a message. */
export const quoted = (name: string): string => `"${name}"`;

/** Values without those that are blank: an empty text is "not given", on every host. */
export function givenValues(given: Given): string[] {
  const all = given === undefined ? [] : typeof given === "string" ? [given] : [...given];
  return all.filter((value) => value.trim() !== "");
}

/** The only value, trimmed; undefined when nothing was given. */
export function single(name: string, given: Given): string | undefined {
  const values = givenValues(given);
  if (values.length > 1) {
    throw new UserError(
      "input/repeated",
      `Input ${quoted(name)} was given ${values.length} times; it takes one value.`,
      {
        fix: `Give ${quoted(name)} once.`,
      },
    );
  }
  return values[0]?.trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Refuses what no input may hold: control characters, line breaks where one line is meant, endless text. */
export function checkCharacters(name: string, value: string, rules: { multiline: boolean; secret: boolean }): void {
  const seen = rules.secret ? {} : { seen: value.slice(0, 200) };
  if (control.test(value)) {
    throw new UserError("input/control-character", `Input ${quoted(name)} holds a control character.`, {
      ...seen,
      fix: "Remove it; tabs and line breaks are the only ones that can be meant.",
    });
  }
  if (!rules.multiline && /[\r\n]/.test(value)) {
    throw new UserError("input/line-break", `Input ${quoted(name)} holds a line break; it takes one line.`, {
      ...seen,
      fix: "Write it on one line.",
    });
  }
  if (value.length > limit) {
    throw new UserError(
      "input/too-long",
      `Input ${quoted(name)} has ${value.length} characters; ${limit} are allowed.`,
      {
        fix: "Put long content into a file and give its path.",
      },
    );
  }
}

export function missing(name: string): UserError {
  return new UserError("input/required", `Input ${quoted(name)} is required and was not given.`, {
    fix: `Give ${quoted(name)} (an empty text counts as not given).`,
  });
}
