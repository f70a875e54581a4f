import type { Artifact } from "../model/artifact.ts";
import type { Environment } from "../model/pipeline.ts";

/** What a template can name. `vars` and `context` are also what GimletD's `{{ .NAME }}` looks in, in this order. */
export function templateVariables(artifact: Artifact, environment: Environment): Record<string, unknown> {
  return {
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
