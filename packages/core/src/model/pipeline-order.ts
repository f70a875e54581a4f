import type { EnvName } from "./names.ts";
import type { Environment } from "./pipeline.ts";

/** Upstream before downstream, otherwise the order of the file. What is in a circle keeps that order. */
export function pipelineOrder(environments: ReadonlyMap<EnvName, Environment>): EnvName[] {
  const ordered = new Set<EnvName>();
  const entered = new Set<EnvName>();
  const visit = (name: EnvName): void => {
    if (entered.has(name) || !environments.has(name)) return;
    entered.add(name);
    for (const upstream of environments.get(name)?.from?.environments ?? []) visit(upstream);
    ordered.add(name);
  };
  for (const name of environments.keys()) visit(name);
  return [...ordered];
}
