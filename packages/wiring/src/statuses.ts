import { type ConfigRepository, type Marking, type Statuses, unknownForge } from "@glu/core";
import { askingAt, type ForgeAccess } from "./forge-outside.ts";
import { filePage } from "./links.ts";
import { whenCalled } from "./when-called.ts";

/** Statuses of commits on the forge that the run is on, loaded when the first is set. */
export function createMarking(access: ForgeAccess): Marking {
  const known = new Map<ConfigRepository, Statuses>();
  const statusesOf = ({ location }: ConfigRepository): Statuses =>
    whenCalled(async () => {
      const asking = askingAt(access, location);
      if (asking === undefined) return { set: () => unknownForge(location) };
      const { createStatuses } = await import("@glu/forges");
      return createStatuses(asking);
    }, ["set"]);
  return {
    of: (repository) => {
      const statuses = known.get(repository) ?? statusesOf(repository);
      known.set(repository, statuses);
      return statuses;
    },
    page: ({ location, branch }, path) => filePage(location, branch, path, access.surroundings),
  };
}
