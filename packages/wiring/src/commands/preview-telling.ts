import {
  type AppName,
  type ConfigRepository,
  GluError,
  isCutOff,
  isLasting,
  previewKey,
  type SeenPreview,
  showDeployment,
} from "@glu/core";
import { createComments, createPreviewDeployments } from "@glu/forges";
import type { SeenHealth } from "@glu/report/previews";
import { askingAt, type ForgeAccess, placeOf } from "../forge-outside.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Previewed } from "./preview-access.ts";
import { commentOnPull } from "./preview-comment.ts";

/** What tells is not waited for as long as what decides: the preview is there. */
const patience = { limits: { attempts: 3, base: 500, longest: 10_000 }, timeout: 10_000 };

/** What people are told of. */
export interface Told {
  number: number;
  /** Whose previews have changed. */
  apps: readonly AppName[];
  /** Others may tell of the same pull request at the same moment: it is looked at again, which takes seconds. */
  atOnce: boolean;
  /** What this run knows of the one that it brought up. */
  seen: (SeenPreview & { health?: SeenHealth }) | undefined;
}

/** What a run could not tell, and would not be able to tell of another preview either. */
const notAgain = new WeakMap<Surroundings, Set<string>>();

/**
 * Tells people on the forge of previews of a pull request: by its comment, and as deployments on GitHub. What goes wrong
 * is a warning and undoes nothing.
 * @returns what went wrong, one line each
 */
export async function tellPull(
  { app, previews, pipeline }: Pick<Previewed, "app" | "previews" | "pipeline">,
  { number, apps, atOnce, seen }: Told,
  repository: Pick<ConfigRepository, "open">,
  access: ForgeAccess,
): Promise<string[]> {
  const { surroundings } = access;
  const { clock, logger, context } = surroundings;
  const source = app.repository;
  const place = placeOf(access, access.location);
  const at = source === undefined || !place ? access.location : `${place.serverUrl.replace(/\/+$/, "")}/${source}.git`;
  const asked = askingAt(access, at);
  if (place === undefined || !asked?.token) return [];
  const asking = { ...asked, ...patience };
  const failed = notAgain.get(surroundings) ?? new Set();
  notAgain.set(surroundings, failed);
  const lines: string[] = [];

  const tell = async (kind: string, what: string, task: () => Promise<void>) => {
    const key = `${kind} ${asked.repository}`;
    if (failed.has(key) || failed.has("all")) return;
    try {
      await task();
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      if (isLasting(error.code)) failed.add(key);
      if (isCutOff(error.code)) failed.add("all");
      const end = isCutOff(error.code) ? " Nothing more is told." : "";
      const line = `The ${what} could not be written: ${error.message}${error.fix === undefined ? "" : ` ${error.fix}`}${end}`;
      lines.push(line);
      logger.warning(line);
    }
  };

  if (previews.deployments && place.forge === "github") {
    const deployments = createPreviewDeployments(asking);
    const ports = { repository, deployments, run: context.run.url };
    for (const one of apps) {
      const own = one === app.name ? seen : undefined;
      await tell("deployment", `deployment of ${one} ${previewKey(number)}`, () =>
        showDeployment({ app: one, number }, own, ports),
      );
    }
  }
  if (previews.comment) {
    const health = seen?.health === undefined ? undefined : { app: app.name, head: seen.head, health: seen.health };
    await tell("comment", `comment on #${number}`, () =>
      commentOnPull({ number, source, repository, pipeline, seen: health }, createComments(asking), place.forge, {
        ...{ clock, logger, atOnce },
      }),
    );
  }
  return lines;
}
