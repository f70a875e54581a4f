import type { App, Pipeline } from "../model/pipeline.ts";
import type { Arrival } from "./arrivals.ts";

/**
 * What an environment is called in a repository: `production` in that of the app alone, `production/web` in one that
 * several apps are built from or described in, so that each has its own.
 */
export function placeName(
  { app, environment, isShared }: Pick<Arrival, "app" | "environment" | "isShared">,
  isSource: boolean,
): string {
  const shared = isSource ? isShared.source : isShared.config;
  return shared ? `${environment.name}/${app.name}` : environment.name;
}

/** Whether several apps are built from the repository of one, and whether the pipeline has several. */
export function sharing({ apps }: Pick<Pipeline, "apps">, app: App): { source: boolean; config: boolean } {
  const own = app.repository?.toLowerCase();
  const same = [...apps.values()].filter(({ repository }) => repository?.toLowerCase() === own);
  return { source: same.length > 1, config: apps.size > 1 };
}
