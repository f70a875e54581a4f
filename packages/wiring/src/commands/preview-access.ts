import {
  type App,
  type AppName,
  type ConfigRepository,
  type Pipeline,
  type Previews,
  type Pulls,
  unknownName,
  usualPreviews,
} from "@glu/core";
import type { ForgeAccess } from "../forge-outside.ts";
import { createPulls } from "../pulls.ts";
import { ownToken } from "../repositories/token.ts";
import type { Connected } from "./preview.ts";

/** An app that has previews, and what the config says of them. */
export interface Previewed {
  pipeline: Pipeline;
  app: App;
  previews: Previews;
}

export async function previewed(
  { connection: { repository, loadPipeline } }: Connected,
  name: AppName,
): Promise<Previewed> {
  const pipeline = await loadPipeline(await repository.open());
  const app = pipeline.apps.get(name);
  if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
  const previews = pipeline.previews ?? usualPreviews;
  const { host = previews.host, health = previews.health } = app.preview ?? {};
  return { pipeline, app, previews: { ...previews, host, health } };
}

/**
 * How the forge is asked about an app's repository: the job's own token knows the job's repository, where one that was given
 * may be for previews alone. GitLab's knows little of merge requests, so there what was given comes first.
 */
export function accessTo(
  app: App,
  { connection, repositories, surroundings }: Connected,
  hostToken?: string,
): ForgeAccess {
  const { context, env } = surroundings;
  const own = ownToken(hostToken, env, context.host);
  const isOwn = app.repository?.toLowerCase() === context.repository.toLowerCase();
  const isBest = isOwn && own.value !== undefined && (context.host === "github" || context.host === "gitea");
  return { surroundings, token: isBest ? own : repositories.token, location: connection.repository.location };
}

/** The pull requests of an app's repository; undefined where no forge may be asked. */
export const pullsOf = (app: App, connected: Connected, hostToken?: string): Pulls | undefined =>
  createPulls(accessTo(app, connected, hostToken), app.repository);

/** Tells people on the forge of previews that went. @returns what could not be told, one line each */
export async function tell(
  known: Previewed,
  told: { number: number; plan: boolean; state: string; atOnce?: boolean; apps?: readonly AppName[] },
  repository: ConfigRepository,
  access: ForgeAccess,
): Promise<string[]> {
  if (told.plan || told.state === "refused") return [];
  const { tellPull } = await import("./preview-telling.ts");
  const { number, atOnce = true, apps = [known.app.name] } = told;
  return tellPull(known, { number, apps, atOnce, seen: undefined }, repository, access);
}
