import { UserError } from "../errors.ts";
import { appName, envName } from "../model/names.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { retryTransient } from "../retry.ts";
import type { HoldPorts } from "./hold.ts";

/**
 * The repository that holds the state of an environment (`all`: the config repository itself).
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export async function placeOf(
  ports: HoldPorts,
  app: string | undefined,
  environment: string,
): Promise<ConfigRepository> {
  const pipeline = await ports.loadPipeline(await retryTransient(ports.clock, () => ports.repository.open()));
  const declared = app === undefined ? undefined : pipeline.apps.get(appName(app));
  if (app !== undefined && declared === undefined) throw unknownName("app", app, pipeline.apps.keys(), pipeline.file);
  if (environment === "all") return ports.repository;
  const found = pipeline.environments.get(envName(environment));
  if (found === undefined) throw unknownName("environment", environment, pipeline.environments.keys(), pipeline.file);
  if (declared !== undefined && !declared.environments.includes(found.name)) {
    throw new UserError("config/not-a-member", `${app} does not go through ${environment}.`, {
      seen: environment,
      fix: `apps.${app}.environments in ${pipeline.file} says where it goes.`,
    });
  }
  return ports.repositoryOf(found);
}
