import { type ConfigRepository, type Marking, type Statuses, unknownForge } from "@glu/core";
import { askingAt, type ForgeAccess, placeOf } from "./forge-outside.ts";
import { filePage } from "./forge-pages.ts";
import { kept } from "./kept.ts";
import { whenCalled } from "./when-called.ts";

/** Statuses of commits on the forge that the run is on, loaded when the first is set. */
export function createMarking(access: ForgeAccess): Marking {
  const statusesOf = kept(({ location }: ConfigRepository) =>
    whenCalled<Statuses>(async () => {
      const asking = askingAt(access, location);
      if (asking === undefined) return { set: () => unknownForge(location), read: () => unknownForge(location) };
      const { createStatuses } = await import("@glu/forges");
      return createStatuses(asking);
    }, ["set", "read"]),
  );
  return {
    of: statusesOf,
    page: ({ location, branch }, path) => {
      const place = placeOf(access, location);
      return place && filePage(place, branch, path);
    },
  };
}
