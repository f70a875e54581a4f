import { type Timestamp, timestamp } from "@glu/core";

/** A value of an answer as a text, else undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A time of an answer; undefined for what is none. */
export function timeOf(value: unknown): Timestamp | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : timestamp(time);
}

/** An object of an answer; an empty one for anything else. */
export function mappingOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list of an answer, of its entries those that are objects; undefined where there is none: that is no empty list. */
export function listOf(value: unknown): Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : undefined;
}
