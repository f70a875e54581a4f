import type { Pulls } from "@glu/core";
import { askingAt, type ForgeAccess, placeOf } from "./forge-outside.ts";
import { whenCalled } from "./when-called.ts";

/**
 * Pull requests of a repository on the forge of the config repository, loaded when they are first asked for; undefined
 * where no forge is known or there is no token: nobody may be asked then.
 * @param repository `owner/name`, on GitLab with all groups; undefined: the config repository itself
 */
export function createPulls(access: ForgeAccess, repository: string | undefined): Pulls | undefined {
  const place = placeOf(access, access.location);
  if (place === undefined) return undefined;
  const asking = askingAt(
    access,
    repository === undefined ? access.location : `${place.serverUrl.replace(/\/+$/, "")}/${repository}.git`,
  );
  if (!asking?.token) return undefined;
  return whenCalled<Pulls>(async () => {
    const { createPulls: create } = await import("@glu/forges");
    return create(asking);
  }, ["find", "open"]);
}
