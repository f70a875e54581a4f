import { times } from "@glu/core";
import { z } from "zod";
import { environmentReference } from "./names.ts";
import { examples, oneOrMany } from "./text.ts";

const freeze = z
  .strictObject({
    environments: oneOrMany(
      environmentReference,
      "The environments that are frozen. Without it all of them.",
      "production",
    ).optional(),
    times: z
      .array(times)
      .min(1, "must not be empty")
      .describe("When: times that come again, { rule, for, zone }, and those that come once, { start, end, zone }.")
      .register(examples, { example: "[{ start: 2026-12-19, end: 2027-01-04, zone: Europe/Berlin }]" }),
  })
  .describe("Times in which nothing is promoted into some or all environments.");

/** Freezes that are known long before. One that begins now is a file: `glu freeze`. */
export const freezes = z
  .array(freeze)
  .describe("Times in which nothing is promoted, such as Christmas; for one environment alone, see its gate window.")
  .register(examples, { example: "[{ times: [{ start: 2026-12-19, end: 2027-01-04, zone: Europe/Berlin }] }]" });
