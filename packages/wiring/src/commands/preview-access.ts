import { randomUUID } from "node:crypto";
import {
  type App,
  type AppName,
  type ConfigRepository,
  type Pipeline,
  type PreviewRequest,
  type PreviewSettings,
  type Previews,
  type Pulls,
  type RequestId,
  requestId,
  type Snapshot,
  UserError,
  unknownName,
  usualPreviews,
} from "@glu/core";
import { actorOf } from "../actor.ts";
import type { ForgeAccess } from "../forge-outside.ts";
import { createPulls } from "../pulls.ts";
import { ownToken } from "../repositories/token.ts";
import type { Connected } from "./preview.ts";
import { identityOf } from "./promotion.ts";

/** Where previews live, at a tip of the config: the same tip where that is the same branch, and another question less. */
export interface Opened {
  pipeline: Pipeline;
  previews: Previews;
  repository: ConfigRepository;
  /** Undefined: they live elsewhere. */
  first: Snapshot | undefined;
}

export async function openPreviews({ connection }: Connected): Promise<Opened> {
  const tip = await connection.repository.open();
  const pipeline = await connection.loadPipeline(tip);
  const previews = pipeline.previews ?? usualPreviews;
  const repository = await connection.repositoryAt(previews);
  return { pipeline, previews, repository, first: repository === connection.repository ? tip : undefined };
}

/** An app that has previews, and what the config says of them. */
export interface Previewed extends Opened {
  app: App;
}

export async function previewed(connected: Connected, name: AppName): Promise<Previewed> {
  const opened = await openPreviews(connected);
  const { pipeline, previews } = opened;
  const app = pipeline.apps.get(name);
  if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
  return { ...opened, app, previews: settingsFor(app, previews) };
}

/** What the config says of the previews of one app. */
export function settingsFor(app: App | undefined, previews: Previews): Previews {
  const { host = previews.host, health = previews.health } = app?.preview ?? {};
  return { ...previews, host, health };
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
  known: Pick<Previewed, "app" | "previews" | "pipeline">,
  told: { number: number; plan: boolean; state: string; atOnce?: boolean; apps?: readonly AppName[] },
  repository: Pick<ConfigRepository, "open">,
  access: ForgeAccess,
): Promise<string[]> {
  if (told.plan || told.state === "refused") return [];
  const { tellPull } = await import("./preview-telling.ts");
  const { number, atOnce = true, apps = [known.app.name] } = told;
  return tellPull(known, { number, apps, atOnce, seen: undefined }, repository, access);
}

/** What is open is not known, and nothing is decided without it. */
export function noForge(app: AppName, repository: string | undefined): UserError {
  return new UserError("preview/no-forge", `Which pull requests of ${app} are open is not known here.`, {
    seen: repository,
    fix: "Let it run on the forge with a token that reads pull requests, or give GLU_TOKEN.",
  });
}

/** By whom and as what something is asked, whichever preview it is about. */
export async function askedBy(
  inputs: { plan: boolean; requestId: RequestId | undefined; author: string | undefined },
  { connection, repositories, surroundings }: Connected,
): Promise<Omit<PreviewRequest, "app" | "number">> {
  return {
    plan: inputs.plan,
    actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    request: inputs.requestId ?? requestId(randomUUID()),
    author: inputs.author === undefined ? undefined : identityOf(inputs.author),
  };
}

/** How previews of an app are made: what the config says of all, and of the app. */
export function makingOf(app: App | undefined, previews: Previews): PreviewSettings {
  const { render, chart, seed } = app?.preview ?? {};
  return {
    ...settingsFor(app, previews),
    ...(render === undefined ? {} : { render }),
    ...(chart === undefined ? {} : { chart }),
    seed,
  };
}
