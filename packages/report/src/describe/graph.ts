import { type AppName, type Decision, type EnvName, worst } from "@glu/core";
import type { Graph, GraphEdge } from "../document.ts";
import type { PipelineView } from "../report.ts";
import { versionOf } from "../version.ts";

/** Apps that an environment's box names. */
const mostApps = 6;
/** Boxes that a drawing stays readable with; forges draw no more than some hundreds. */
const mostEnvironments = 24;

/** The pipeline with what runs in each environment after this run; undefined when it is too large to draw. */
export function graph(
  pipeline: PipelineView,
  apps: readonly AppName[],
  decisions: readonly Decision[],
): Graph | undefined {
  const { environments } = pipeline;
  if (environments.length === 0 || environments.length > mostEnvironments) return undefined;
  const nodes = environments.map(({ name, tier }) => {
    const here = decisions.filter((one) => one.intent.environment === name);
    const lines = apps.flatMap((app) => inside(app, name, pipeline, here));
    return {
      name,
      tier: tier === name ? undefined : tier,
      lines: few(lines),
      result: here.length === 0 ? undefined : worst(here.map((one) => one.result)),
    };
  });
  return { kind: "graph", nodes, edges: edgesOf(environments, decisions) };
}

/** From each upstream to what comes after it. */
export function edgesOf(environments: PipelineView["environments"], decisions: readonly Decision[] = []): GraphEdge[] {
  return environments.flatMap(({ name, from }, to): GraphEdge[] =>
    (from?.environments ?? []).flatMap((upstream) => {
      const index = environments.findIndex((one) => one.name === upstream);
      const blocked = blockedBy(decisions.filter((one) => one.intent.environment === name));
      return index === -1 ? [] : [{ from: index, to, blocked }];
    }),
  );
}

/** At most so many, and a line that counts the rest. */
export function few(lines: readonly string[]): string[] {
  const more = lines.length - mostApps;
  return more > 0 ? [...lines.slice(0, mostApps), `and ${more} more`] : [...lines];
}

/** `held`, or `1 refused, 2 held`. */
function blockedBy(decisions: readonly Decision[]): string | undefined {
  const counts = (["refused", "held"] as const).flatMap((result) => {
    const number = decisions.filter((one) => one.result === result).length;
    return number === 0 ? [] : [decisions.length === 1 ? result : `${number} ${result}`];
  });
  return counts.length === 0 ? undefined : counts.join(", ");
}

function inside(app: AppName, name: EnvName, pipeline: PipelineView, decisions: readonly Decision[]): string[] {
  const running = pipeline.running.find((one) => one.app === app && one.environment === name);
  const mine = decisions.filter((one) => one.intent.app === app);
  if (running === undefined && mine.length === 0) return [];
  const made = mine.find((one) => one.result === "promoted" && !one.repeated)?.release;
  const release = made ?? running?.release ?? mine[0]?.previous;
  return [`${app} ${release === undefined ? "nothing yet" : versionOf(release.artifact)}`];
}
