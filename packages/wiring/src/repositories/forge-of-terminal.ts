import type { CiContext } from "@glu/core";
import type { Env } from "../surroundings.ts";
import { type ForgePlace, forgeAt, namedKind } from "./forge-at.ts";

/** Where a forge is when nobody says it. */
const hosted: Readonly<Partial<Record<ForgePlace["forge"], string>>> = {
  github: "https://github.com",
  gitlab: "https://gitlab.com",
};

/**
 * The forge on which `owner/name` is meant at a terminal: the one at `GLU_SERVER_URL`, else the one that the working copy
 * came from, else the one that `GLU_FORGE` is known by. undefined where that is not known.
 * @param origin URL of the working copy's `origin`
 * @throws UserError `forge/unknown-kind`
 */
export function forgeOfTerminal(origin: string | undefined, context: CiContext, env: Env): ForgePlace | undefined {
  const kind = namedKind(env);
  const on = (location: string | undefined) => (location === undefined ? undefined : forgeAt(location, context, env));
  const below = (server: string | undefined) => server && `${server.replace(/\/+$/, "")}/owner/name.git`;
  const places = [on(below(env.GLU_SERVER_URL || undefined)), on(origin), on(below(kind && hosted[kind]))];
  return places.find((place) => place !== undefined && (kind === undefined || place.forge === kind));
}
