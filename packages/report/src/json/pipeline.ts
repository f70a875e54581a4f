import { timestamp } from "@glu/core";
import type { PipelineView, Running } from "../report.ts";
import type { Json } from "./json.ts";
import { releaseJson } from "./release.ts";

export function pipelineJson({ environments, running }: PipelineView): Json {
  return {
    environments: environments.map(({ name, tier, from }) => ({
      name,
      tier: tier ?? null,
      from: from === undefined ? null : { mode: from.mode, environments: [...from.environments] },
    })),
    running: running.map(runningJson),
  };
}

export function runningJson({ app, environment, release, pin, freeze, verifying }: Running): Json {
  const held = { pin: holdJson(pin), freeze: holdJson(freeze) };
  return { app, environment, release: releaseJson(release), ...held, ...verifyingJson(verifying) };
}

function verifyingJson(awaited: Running["verifying"]): { [name: string]: Json } {
  if (awaited === undefined) return {};
  const { state, since = null, until = null, seen = null } = awaited;
  return { verifying: { state, since, until, seen } };
}

export function holdJson(found: Running["pin"] | Running["freeze"]): Json {
  if (found === undefined) return null;
  return {
    ...("artifact" in found ? { artifact: found.artifact } : { scope: found.scope }),
    reason: found.reason,
    actor: { name: found.actor.name, verified: found.actor.verified },
    at: found.at,
    until: found.until ?? null,
    request: found.request,
  };
}

/** The time of the report. */
export const madeAt = (now: number): string => timestamp(now);
