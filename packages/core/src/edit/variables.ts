import { manifestAt } from "../manifests/manifest-at.ts";
import { manifestVariables } from "../manifests/manifest-variables.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";

/**
 * What a template can name. `vars` and `context` are also what GimletD's `{{ .NAME }}` looks in, in this order.
 * `manifest` is the app's own for this environment, where the config lets it count.
 */
export function templateVariables(app: App, artifact: Artifact, environment: Environment): Record<string, unknown> {
  const own = manifestAt(app, environment, artifact);
  return {
    ...(own.kind === "counts" ? { manifest: manifestVariables(own.manifest) } : {}),
    app: artifact.app,
    env: environment.name,
    environment: { name: environment.name, tier: environment.tier ?? "" },
    artifact: { id: artifact.id, created: artifact.created, committedAt: artifact.committedAt },
    version: artifact.version,
    images: artifact.images,
    vars: artifact.vars,
    context: artifact.context,
  };
}
