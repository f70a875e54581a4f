import { manifestAt } from "../manifests/manifest-at.ts";
import type { Artifact, Manifest } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";

/**
 * What a template can name. `vars` and `context` are also what GimletD's `{{ .NAME }}` looks in, in this order.
 * `manifest` is the app's own for this environment, where the config lets it count.
 */
export function templateVariables(app: App, artifact: Artifact, environment: Environment): Record<string, unknown> {
  const own = manifestAt(app, environment, artifact);
  return {
    ...(own.kind === "counts" ? { manifest: shownOf(own.manifest) } : {}),
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

/** What of a manifest is of use in files; that of a policy is not. */
function shownOf({ namespace, chart, values }: Manifest): Record<string, unknown> {
  return {
    namespace,
    chart: chart && { repository: chart.repository, name: chart.name, version: chart.version },
    values,
  };
}
