import { UserError } from "../errors.ts";
import type { Artifact, Manifest } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { type CheckedManifest, checkManifest } from "./check-manifest.ts";

/**
 * What an artifact says of itself for a place. `none`: nothing. `ignored`: the config does not let it count there.
 * `bad`: it would count, and cannot. `counts`: its policy and its values do.
 */
export type ManifestAt =
  | { kind: "none" }
  | { kind: "ignored" }
  | { kind: "bad"; error: UserError }
  | ({ kind: "counts" } & CheckedManifest);

/** Whether the config lets an app's manifests count in an environment. */
export const manifestsCount = (app: App, environment: Environment): boolean => app.manifests.includes(environment.name);

/**
 * The manifest of an artifact for a place, if it counts there. Those of pull requests' previews (`preview: true`) never
 * do. Pure: a bad manifest is a value, so that it stops nothing else.
 */
export function manifestAt(app: App, environment: Environment, artifact: Artifact): ManifestAt {
  const found = artifact.environments.filter(
    (one) => one.env === environment.name && one.app === app.name && one.preview !== true,
  );
  const [manifest] = found;
  if (manifest === undefined) return { kind: "none" };
  if (!manifestsCount(app, environment)) return { kind: "ignored" };
  if (found.length > 1) return { kind: "bad", error: duplicate(manifest) };
  const known = checked.get(manifest) ?? check(manifest);
  checked.set(manifest, known);
  return known;
}

/** By manifest, which never changes: a run looks at one several times. */
const checked = new WeakMap<Manifest, ManifestAt>();

function check(manifest: Manifest): ManifestAt {
  try {
    return { kind: "counts", ...checkManifest(manifest) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: "bad", error };
  }
}

const duplicate = ({ app, env }: Manifest): UserError =>
  new UserError("manifest/duplicate", `There are several manifests of ${app} for ${env}.`, {
    seen: env,
    fix: "Keep one for each app and environment.",
  });
