import { Temporal } from "temporal-polyfill";
import { UserError } from "../errors.ts";

// Loaded when somebody gives such a time: the library is large.

/**
 * When the clock of a place shows a time, in milliseconds since the epoch.
 *
 * @param value by RFC 9557, such as `2026-11-27T18:00[Europe/Berlin]`; seconds and offset may be left out
 * @throws UserError `input/time` for what is in no calendar or zone, and for what a clock never shows, or shows twice
 * while no offset says which is meant
 * @see https://www.rfc-editor.org/rfc/rfc9557
 */
export function clockInstant(value: string): number {
  const refuse = (message: string, fix: string) => new UserError("input/time", message, { seen: value, fix });
  const zone = /\[!?([^\]]*)\]$/.exec(value)?.[1] ?? "";
  const bare = value.replace(/\[[^\]]*\]$/, "");
  const local = bare.replace(/(?:Z|[+-]\d{2}:\d{2})$/, "");
  const shown = tried(() => Temporal.PlainDateTime.from(local, { overflow: "reject" }));
  if (shown === undefined) throw refuse(`${JSON.stringify(value)} is not a time.`, "Give a day of the calendar.");
  const early = tried(() => shown.toZonedDateTime(zone, { disambiguation: "earlier" }));
  if (early === undefined) {
    throw refuse(`${JSON.stringify(zone)} is no time zone.`, "Give its name in the IANA database: [Europe/Berlin].");
  }
  if (local !== bare) {
    const exact = tried(() => Temporal.ZonedDateTime.from(value, { offset: "reject", disambiguation: "reject" }));
    if (exact !== undefined) return exact.epochMilliseconds;
    throw refuse(
      `The clock of ${zone} is not ${bare.slice(local.length)} then.`,
      `Leave the offset out, or give that of ${zone}: ${local}${early.offset}[${zone}].`,
    );
  }
  const late = shown.toZonedDateTime(zone, { disambiguation: "later" });
  if (early.epochMilliseconds === late.epochMilliseconds) return early.epochMilliseconds;
  const exists = early.toPlainDateTime().equals(shown);
  throw exists
    ? refuse(
        `${value} is twice: the clock of ${zone} is set back then.`,
        `Say which: ${local}${early.offset}[${zone}] or ${local}${late.offset}[${zone}].`,
      )
    : refuse(
        `${value} never is: the clock of ${zone} is set forward over it.`,
        `Give ${late.toPlainDateTime().toString({ smallestUnit: "minute" })}[${zone}], or a time before.`,
      );
}

function tried<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
