import { UserError } from "../errors.ts";
import { type AppName, appName, envName } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { HoldPorts } from "./hold.ts";

/**
 * Apps of an environment, and the repository that holds its state.
 * @param asked names of apps; `all`: every app that goes through it
 * @returns `isNamed`: they were asked for by name, each of them
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export async function appsOf(
  ports: HoldPorts,
  asked: string | readonly string[],
  environment: string,
): Promise<{ target: ConfigRepository; apps: AppName[]; isNamed: boolean }> {
  const pipeline = await ports.loadPipeline(await ports.repository.open());
  const names = [asked].flat();
  const isNamed = !names.includes("all");
  const found = environmentOf(pipeline, environment);
  const all = [...pipeline.apps.values()].filter((app) => app.environments.includes(found.name));
  const apps = isNamed ? names.map((name) => memberOf(pipeline, name, found)) : all.map(({ name }) => name);
  if (apps.length > 0) return { target: ports.repositoryOf(found), apps: [...new Set(apps)], isNamed };
  throw new UserError("config/not-a-member", `No app goes through ${environment}.`, {
    seen: environment,
    fix: `Add it to the environments of an app in ${pipeline.file}, or name another environment.`,
  });
}

function memberOf({ apps, file }: Pipeline, app: string, { name }: Environment): AppName {
  const declared = apps.get(appName(app));
  if (declared === undefined) throw unknownName("app", app, apps.keys(), file);
  if (declared.environments.includes(name)) return declared.name;
  throw new UserError("config/not-a-member", `${app} does not go through ${name}.`, {
    seen: name,
    fix: `apps.${app}.environments in ${file} says where it goes.`,
  });
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
