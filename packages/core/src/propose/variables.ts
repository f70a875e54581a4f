import { templateVariables } from "../edit/variables.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { versionLabel } from "../promote/release.ts";

/** What one proposal brings. */
export interface Brought {
  environment: Environment;
  /** One, or all that move together. */
  apps: readonly { app: App; artifact: Artifact }[];
}

/** Beside what is brought. */
export interface AboutProposal {
  /** The title that it has without a template. */
  title: string;
  actor: string;
  reason: string | undefined;
}

/**
 * What templates of a title and a body may name. Of one app all that `write` may name; of apps that move together what
 * they have in common, their names and artifacts in a list. A body may also name `plan`.
 */
export function proposalVariables(brought: Brought, { title, actor, reason }: AboutProposal): Record<string, unknown> {
  const { environment, apps } = brought;
  const [only, ...others] = apps;
  const listed = (texts: readonly string[]) => texts.join(", ");
  const own =
    only !== undefined && others.length === 0
      ? templateVariables(only.app, only.artifact, environment)
      : {
          app: listed(apps.map(({ app }) => app.name)),
          env: environment.name,
          environment: { name: environment.name, tier: environment.tier ?? "" },
          artifact: { id: listed(apps.map(({ artifact }) => artifact.id)) },
        };
  return {
    ...own,
    apps: apps.map(({ app }) => app.name),
    label: listed(apps.map(({ artifact }) => versionLabel(artifact))),
    title,
    actor,
    reason: reason ?? "",
  };
}
