/** A value of an answer as a text, else undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A list of an answer, of its entries those that are objects; undefined where there is none: that is no empty list. */
export function listOf(value: unknown): Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : undefined;
}
