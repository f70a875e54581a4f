import { UserError } from "../../errors.ts";
import type { Bytes } from "../../ports/config-repository.ts";
import { kustomizationNames } from "../../ports/kustomizations.ts";
import type { Manifests } from "../../ports/manifests.ts";

/**
 * The files of a template with what is different for one pull request. Values merge with those below them as Helm merges
 * them; any other file takes the place of the whole one.
 * @param overrides filled in, as the files are
 * @throws UserError `preview/override`, `preview/manifest`
 */
export function withOverrides(
  files: ReadonlyMap<string, Bytes>,
  overrides: ReadonlyMap<string, Bytes>,
  { from, manifests }: { from: string; manifests: Manifests },
): Map<string, Bytes> {
  const all = new Map(files);
  for (const [path, upper] of overrides) {
    const where = `${from}/${path}`;
    const lower = files.get(path);
    if (lower === undefined) {
      throw new UserError("preview/override", `${where} is different from nothing: the template has no such file.`, {
        seen: path,
        fix: `It has ${[...files.keys()].slice(0, 10).join(", ") || "none"}. A file that is for one request alone needs an empty one there.`,
      });
    }
    all.set(path, isKustomization(path) ? upper : over(where, path, { lower, upper, manifests }));
  }
  return all;
}

function over(
  where: string,
  path: string,
  { lower, upper, manifests }: { lower: Bytes; upper: Bytes; manifests: Manifests },
): Bytes {
  const [below, above] = [manifests.kindOf(path, lower), manifests.kindOf(path, upper)];
  if (above === "empty") return lower;
  if (below === "empty" || (below === above && above !== "values")) return upper;
  if (below === "values" && above === "values") return manifests.mergeValues(where, lower, upper);
  const called = { objects: "manifests", values: "values", other: "neither manifests nor values" };
  throw new UserError("preview/override", `${where} is ${called[above]}, and the template's file ${called[below]}.`, {
    seen: above,
    fix: "Give values for values, which merge, or a whole manifest for a manifest.",
  });
}

/** Without a `kind` it would look like values. */
export function isKustomization(path: string): boolean {
  return (kustomizationNames as readonly string[]).includes(path.slice(path.lastIndexOf("/") + 1));
}
