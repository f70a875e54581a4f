import { UserError } from "../errors.ts";
import { startedByManifests } from "../manifests/why-not-started.ts";
import { type AppName, appName, type EnvName, envName } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { PromoteRequest } from "./options.ts";

/** An app in an environment that the request may be about. */
export interface Candidate {
  app: App;
  environment: Environment;
  /** Asked for by name. */
  explicit: boolean;
  /** It is written to the branch at once, also where changes are proposed. */
  directly?: boolean;
  /** Not asked for: it is decided on since those that were move with it. */
  alongside?: true;
}

/**
 * The apps and environments that a request names, or all.
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export function candidatesOf(
  pipeline: Pipeline,
  request: Pick<PromoteRequest, "apps" | "environments" | "automatic" | "rollback">,
): Candidate[] {
  const apps = request.apps.length === 0 ? [...pipeline.apps.keys()] : request.apps.map((name) => appName(name));
  const named = request.environments.map((name) => envName(name));
  for (const name of named) {
    if (!pipeline.environments.has(name))
      throw unknownName("environment", name, pipeline.environments.keys(), pipeline.file);
  }
  return [...new Set(apps)].flatMap((name: AppName) => {
    const app = pipeline.apps.get(name);
    if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
    const wanted: EnvName[] = named.length === 0 ? app.environments : [...new Set(named)];
    return wanted.flatMap((env): Candidate[] => {
      const environment = pipeline.environments.get(env);
      if (environment === undefined || !app.environments.includes(env)) {
        if (request.apps.length === 0) return [];
        throw new UserError("config/not-a-member", `${name} does not go through ${env}.`, {
          seen: env,
          fix: `It goes through ${app.environments.join(", ")}; apps.${name}.environments in ${pipeline.file} says so.`,
        });
      }
      const explicit = named.length > 0 && request.automatic !== true;
      return [{ app, environment, explicit, directly: request.rollback?.directly === true }];
    });
  });
}

/** Whether anything can start a promotion there: a request by name, a policy, an automatic edge, or a manifest. */
export const mayStart = ({ app, environment, explicit }: Candidate): boolean =>
  explicit || environment.policy.length > 0 || environment.auto !== undefined || startedByManifests(app, environment);
