/** Where the documentation of this version is read. */
export const documentation = "https://github.com/glu/actions/blob/main/docs";

/** The part of the list of errors that explains a code such as `edit/no-key`. */
export function explanationOf(code: string): string {
  return `${documentation}/errors.md#${code.split("/", 1)[0]}`;
}
