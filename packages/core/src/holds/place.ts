import { UserError } from "../errors.ts";
import { appName, envName } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { HoldPorts } from "./hold.ts";

/**
 * The repository that holds the state of an environment.
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export async function placeOf(ports: HoldPorts, app: string, environment: string): Promise<ConfigRepository> {
  const pipeline = await ports.loadPipeline(await ports.repository.open());
  const declared = pipeline.apps.get(appName(app));
  if (declared === undefined) throw unknownName("app", app, pipeline.apps.keys(), pipeline.file);
  const found = environmentOf(pipeline, environment);
  if (!declared.environments.includes(found.name)) {
    throw new UserError("config/not-a-member", `${app} does not go through ${environment}.`, {
      seen: environment,
      fix: `apps.${app}.environments in ${pipeline.file} says where it goes.`,
    });
  }
  return ports.repositoryOf(found);
}

/**
 * The repositories that hold the state of an environment; of `all` those of every environment, since a promotion looks
 * at the tip it writes on and nowhere else.
 * @throws UserError `config/unknown-environment`
 */
export async function placesOf(ports: HoldPorts, scope: string): Promise<ConfigRepository[]> {
  const pipeline = await ports.loadPipeline(await ports.repository.open());
  if (scope !== "all") return [ports.repositoryOf(environmentOf(pipeline, scope))];
  const others = [...pipeline.environments.values()].map((environment) => ports.repositoryOf(environment));
  return [...new Set([ports.repository, ...others])];
}

function environmentOf(pipeline: Pipeline, environment: string): Environment {
  const found = pipeline.environments.get(envName(environment));
  if (found === undefined) throw unknownName("environment", environment, pipeline.environments.keys(), pipeline.file);
  return found;
}
