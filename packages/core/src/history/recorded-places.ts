import { UserError } from "../errors.ts";
import { type AppName, type EnvName, envName, namePattern, type RepoPath } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { Place } from "../state/tips.ts";

/** Names; empty: all. */
export interface PlacesAsked {
  apps: readonly string[];
  environments: readonly string[];
}

/**
 * The places that are asked for: by the config, and by the records of the config repository's tip, since what is no longer
 * declared has a history, too.
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export async function recordedPlaces(
  pipeline: Pipeline,
  tip: Pick<Snapshot, "list">,
  asked: PlacesAsked,
): Promise<Place[]> {
  const recorded = asked.apps.length > 0 ? undefined : await undeclaredApps(pipeline, tip);
  const apps = [...new Set([...(asked.apps.length > 0 ? asked.apps : pipeline.apps.keys()), ...(recorded ?? [])])];
  const places: Place[] = [];
  const seen = new Set<string>(pipeline.environments.keys());
  for (const app of apps as AppName[]) {
    const declared = pipeline.apps.get(app)?.environments ?? [];
    const looksAround = asked.apps.length > 0 || declared.length === 0;
    const written = looksAround ? await recordsOf(app, tip) : [];
    const all = [...new Set([...declared, ...written])];
    for (const name of all) seen.add(name);
    if (asked.apps.length > 0 && all.length === 0) {
      throw unknownName("app", app, pipeline.apps.keys(), pipeline.file);
    }
    const wanted = all.filter((name) => asked.environments.length === 0 || asked.environments.includes(name));
    places.push(...wanted.map((environment) => ({ app, environment })));
  }
  for (const name of asked.environments) {
    if (!seen.has(name)) throw unknownName("environment", name, pipeline.environments.keys(), pipeline.file);
    if (asked.apps.length > 0 && !places.some(({ environment }) => environment === name)) {
      const [app = ""] = asked.apps;
      throw new UserError("config/not-a-member", `${app} does not go through ${name}, and never did.`, {
        seen: name,
        fix: `apps.${app}.environments in ${pipeline.file} says where it goes.`,
      });
    }
  }
  return places;
}

/** Where apps have a record that the config does not declare. */
export async function undeclaredPlaces(pipeline: Pipeline, tip: Pick<Snapshot, "list">): Promise<Place[]> {
  const apps = await undeclaredApps(pipeline, tip);
  const places = apps.map(async (app) => (await recordsOf(app, tip)).map((environment) => ({ app, environment })));
  return (await Promise.all(places)).flat();
}

/** Apps with a folder of records that the config does not declare. */
async function undeclaredApps({ apps }: Pipeline, tip: Pick<Snapshot, "list">): Promise<AppName[]> {
  const folders = (await tip.list(".glu" as RepoPath)) ?? [];
  return folders.flatMap(({ name, kind }) =>
    kind === "folder" && namePattern.test(name) && !apps.has(name as AppName) ? [name as AppName] : [],
  );
}

async function recordsOf(app: AppName, tip: Pick<Snapshot, "list">): Promise<EnvName[]> {
  const files = (await tip.list(`.glu/${app}` as RepoPath)) ?? [];
  return files.flatMap(({ name, kind }) => {
    const environment = /^([^.]+)\.json$/.exec(name)?.[1];
    return kind === "file" && environment !== undefined && namePattern.test(environment) ? [envName(environment)] : [];
  });
}
