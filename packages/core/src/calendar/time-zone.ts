import { z } from "zod";
import { checked } from "../gates/option.ts";
import { closest } from "../model/closest.ts";

const isKnown = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/** A time zone by its name in the IANA database. An offset is none: it knows no daylight saving. */
export const timeZone = checked(
  z
    .string()
    .describe("The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.")
    .meta({ pattern: "^[A-Za-z]" }),
  (zone) => {
    if (/^[A-Za-z]/.test(zone) && isKnown(zone)) return undefined;
    const near = closest(zone, Intl.supportedValuesOf("timeZone"));
    const fix =
      near === undefined
        ? "Write its name in the IANA database, such as Europe/Berlin or UTC."
        : `Did you mean "${near}"?`;
    return { code: "config/time-zone", message: "is not a time zone", fix };
  },
);
