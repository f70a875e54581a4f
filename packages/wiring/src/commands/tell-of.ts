import type { Announced, Arrival, PromotePorts } from "@glu/core";
import type { ForgeAccess } from "../forge-outside.ts";

/**
 * Tells people on the forge of releases, when there are any to be told of: what does it is loaded then. It is after the
 * push, so whatever goes wrong, a mistake of ours included, is a warning beside the result.
 */
export async function tellOf(
  arrivals: readonly Arrival[],
  { templates }: Pick<PromotePorts, "templates">,
  access: ForgeAccess,
): Promise<Announced | undefined> {
  if (arrivals.length === 0) return undefined;
  try {
    const { announceThere } = await import("../announcing.ts");
    return await announceThere(arrivals, access, templates);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      told: [],
      warnings: [`People could not be told of what was released: ${access.surroundings.redact(why)}`],
    };
  }
}
