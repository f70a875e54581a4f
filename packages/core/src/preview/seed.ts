import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import type { Preview } from "../model/preview.ts";
import type { UpRequest } from "./options.ts";

/** Hex digits of a seed's id. */
const digits = 12;

/**
 * The id of what a preview's data are filled with. It is the same for as long as they may stay: `once` while the preview
 * is there, `per-sha` as long as its commit; and another one after each of that, so that nothing half-filled or cancelled
 * is taken up again. A preview that is made again was created at another time.
 * @param preview what is there
 * @param createdAt when the one that comes was made
 * @throws UserError `preview/no-seed`
 */
export function seedOf(
  { app, number, event: { head }, request, settings: { seed: per }, reseed }: UpRequest,
  preview: Preview | undefined,
  createdAt: string,
): Preview["seed"] {
  if (per === undefined) {
    if (reseed) throw noSeed(app);
    return undefined;
  }
  const known = preview?.seed;
  const stays = known?.per === per && (per === "once" || preview?.head === head);
  if (stays && !reseed) return known;
  // With the one before: a commit that is at the head again does not find what was left behind of it.
  const after = reseed ? ["again", request] : known === undefined ? [] : ["after", known.id];
  const of = [app, String(number), createdAt, ...(per === "once" ? [] : [head]), ...after];
  const id = createHash("sha256").update(of.join("\0")).digest("hex").slice(0, digits);
  return { id, per };
}

/** What a template names must be there: an id that is the same for all would never be filled again. */
export function assertSeeded(text: string, { app, settings }: Pick<UpRequest, "app" | "settings">): void {
  if (settings.seed === undefined && /\{\{[^}]*\bpreview\.seed\b/.test(text)) throw noSeed(app);
}

function noSeed(app: string): UserError {
  return new UserError("preview/no-seed", `When the data of a preview of ${app} are filled is not said.`, {
    seen: "preview.seed",
    fix: `Write apps.${app}.preview.seed: once, or per-sha for new data with each commit.`,
  });
}
