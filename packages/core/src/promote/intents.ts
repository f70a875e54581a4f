import type { AncestryReader } from "../decide/ancestry.ts";
import { type GluError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Intent, PassedOver } from "../model/decision.ts";
import { type AppName, type ArtifactId, appName, type EnvName, envName } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { unknownName } from "../model/unknown-name.ts";
import { explainMatch, matchesAny } from "../policy/match.ts";
import { carriesRequest } from "../records/trailers.ts";
import { type ArtifactReader, isClosed } from "../select/artifact-reader.ts";
import type { ArtifactSelector } from "../select/artifact-selector.ts";
import { latestFor } from "../select/latest.ts";
import type { PromoteRequest } from "./options.ts";

/** An app in an environment that the request may be about. */
export interface Candidate {
  app: App;
  environment: Environment;
  /** Asked for by name. */
  explicit: boolean;
}

/**
 * The apps and environments that a request names, or all.
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `config/not-a-member`
 */
export function candidatesOf(pipeline: Pipeline, request: Pick<PromoteRequest, "apps" | "environments">): Candidate[] {
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
      return [{ app, environment, explicit: named.length > 0 }];
    });
  });
}

export interface ResolveOptions {
  request: PromoteRequest;
  selector: ArtifactSelector;
  reader: ArtifactReader;
  upstreams(app: App, environment: Environment): Promise<readonly ReleaseRecord[]>;
  /** The artifact that this very request released there before. */
  carriedOut(app: App, environment: Environment): Promise<Artifact | undefined>;
  ancestry: AncestryReader;
}

/** What was asked for by name cannot be done: never a green run that did nothing. */
export function nothingToPromote(why: string, filter: string): UserError {
  return new UserError("artifact/none", `There is nothing to promote: ${why}.`, {
    seen: "latest",
    fix: `'glu artifact list ${filter}' shows what there is; build one, or name one with artifact.`,
  });
}

/** The intents of the request, and what was looked at and left alone. */
export async function resolveIntents(
  candidates: readonly Candidate[],
  options: ResolveOptions,
): Promise<{ intents: (Intent & { candidate: Candidate })[]; passedOver: PassedOver[] }> {
  const intents: (Intent & { candidate: Candidate })[] = [];
  const passedOver: PassedOver[] = [];
  const closed: GluError[] = [];
  let readable = false;
  for (const candidate of candidates) {
    const { app, environment, explicit } = candidate;
    const pass = (reason: string, artifact?: Artifact) =>
      passedOver.push({
        app: app.name,
        environment: environment.name,
        artifact: artifact?.id as ArtifactId | undefined,
        reason,
      });
    if (!explicit && environment.policy.length === 0) {
      pass("has no policy: it is promoted by request");
      continue;
    }
    const intend = (artifact: Artifact) =>
      intents.push({
        app: app.name,
        environment: environment.name,
        artifact,
        explicit,
        request: options.request.request,
        candidate,
      });
    let artifact: Artifact | undefined;
    try {
      artifact = await artifactFor(candidate, options);
      readable = true;
    } catch (error) {
      // A request that was carried out is found, also when its artifact has been pruned since.
      const done = error instanceof UserError ? await options.carriedOut(app, environment) : undefined;
      if (done !== undefined) {
        intend(done);
        continue;
      }
      // One app's private repository must not keep all the others from being delivered; an app asked for by name must.
      if (options.request.apps.length > 0 || !isClosed(error)) throw error;
      closed.push(error);
      pass(`its artifacts cannot be read: ${error.message}`);
      continue;
    }
    if (artifact === undefined) {
      const what = `no artifact of ${app.name} is one that ${environment.name} takes`;
      // Of all apps, one without artifacts must not stop the others.
      const { apps, set } = options.request;
      const done = await options.carriedOut(app, environment);
      if (done !== undefined) intend(done);
      else if (explicit && (apps.length > 0 || set)) throw nothingToPromote(what, `--app ${app.name}`);
      else pass(what);
      continue;
    }
    const why = explicit ? undefined : whyNotByItself(environment, artifact);
    if (why === undefined) intend(artifact);
    else pass(why, artifact);
  }
  const [first] = closed;
  if (first !== undefined && !readable) throw first;
  return { intents, passedOver };
}

async function artifactFor(candidate: Candidate, options: ResolveOptions): Promise<Artifact | undefined> {
  const { app, environment, explicit } = candidate;
  const { selector, reader, ancestry } = options;
  if (selector.kind !== "latest") return reader.one(app, selector);
  if (environment.policy.length > 0 || environment.from === undefined) {
    return latestFor(app, environment, await reader.all(app), [], ancestry);
  }
  // What upstream released is in its record; the store need not be read for it.
  const ready = await latestFor(app, environment, [], await options.upstreams(app, environment), ancestry);
  if (ready !== undefined || !explicit) return ready;
  // Asked for by name and not upstream yet: the newest that would be taken, so that its gates say what it waits for.
  return latestFor(app, { ...environment, from: undefined }, await reader.all(app), [], ancestry);
}

/** Why a policy does not start this promotion; undefined when it does. */
function whyNotByItself(environment: Environment, artifact: Artifact): string | undefined {
  if (carriesRequest(artifact.version.message ?? "")) {
    return "its commit was made by Glu: policies ignore it, so that nothing promotes itself in circles";
  }
  const byPolicy = matchesAny(environment.policy, artifact);
  if (byPolicy !== undefined && !byPolicy.matches) return explainMatch(byPolicy);
  const accepted = matchesAny(environment.accept, artifact);
  return accepted !== undefined && !accepted.matches ? `is not accepted: ${explainMatch(accepted)}` : undefined;
}
