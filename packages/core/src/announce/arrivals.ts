import type { AppName, EnvName, Sha } from "../model/names.ts";
import type { App, Environment, NotifyOptions } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { PromoteResult } from "../promote/groups.ts";
import { sharing } from "./place-name.ts";

/** A release of which people are to be told: it is what runs there now. */
export interface Arrival {
  app: App;
  environment: Environment;
  notify: NotifyOptions;
  release: Release & { releasedAt: string };
  /** What it took the place of; undefined where that is not known, or nothing was there. */
  previous: Release | undefined;
  /** The commit that carries it, in the repository that the environment lives in. */
  commit: Sha | undefined;
  repository: ConfigRepository;
  /** Whether other apps are built from the same repository, or live in the same config. */
  isShared: { source: boolean; config: boolean };
}

/** A release that came by a merged proposal, and was seen to be there for the first time. */
export interface Merged {
  app: AppName;
  environment: EnvName;
  release: Release;
  previous: Release | undefined;
  commit: Sha | undefined;
}

/**
 * Of what people are to be told, by what was decided and done, and by what was seen to be merged: releases of
 * environments with `notify` that are what runs there. What was verified meanwhile is told again, but not where changes
 * are commented on, of which it is nothing new. Also those of a request that was carried out before, whose
 * telling may have been broken off; what something newer has taken the place of since is told by that. Pure.
 */
export function arrivalsOf(
  { decisions, board, pipeline, verified = [] }: Pick<PromoteResult, "decisions" | "board" | "pipeline" | "verified">,
  repositoryOf: (environment: Environment) => ConfigRepository,
  merged: readonly Merged[] = [],
): Arrival[] {
  const arrival = (one: Merged): Arrival[] => {
    const app = pipeline.apps.get(one.app);
    const environment = pipeline.environments.get(one.environment);
    const { releasedAt } = one.release;
    if (app === undefined || environment?.notify === undefined || releasedAt === null) return [];
    const previous = one.previous?.request === one.release.request ? undefined : one.previous;
    const { notify } = environment;
    const { commit } = one;
    const release = { ...one.release, releasedAt };
    const repository = repositoryOf(environment);
    const isShared = sharing(pipeline, app);
    return [{ app, environment, notify, release, previous, commit, repository, isShared }];
  };
  const released = decisions.flatMap(({ intent, result, release, previous, commit, repeated }): Merged[] => {
    const { app, environment } = intent;
    if (result !== "promoted" || release === undefined) return [];
    const now = board.find((row) => row.app === app && row.environment === environment)?.release;
    if (repeated && now?.request !== release.request) return [];
    return [{ app, environment, release: repeated && now !== undefined ? now : release, previous, commit }];
  });
  const decided = verified.filter(
    ({ isNews, release }) => isNews && (release.state === "healthy" || release.state === "failed"),
  );
  const told = decided.flatMap(arrival).map((one) => ({ ...one, notify: { ...one.notify, comment: false } }));
  const isTold = (one: Arrival) =>
    told.some((other) => other.release.request === one.release.request && sameAt(one, other));
  return [...told, ...[...merged, ...released].flatMap(arrival).filter((one) => !isTold(one))];
}

const sameAt = (a: Arrival, b: Arrival): boolean =>
  a.app.name === b.app.name && a.environment.name === b.environment.name;
