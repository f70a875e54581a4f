import { UserError } from "../errors.ts";
import type { AppName } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { type ConfigFinding, templateFinding } from "./config-finding.ts";

export type Told = Pick<ConfigFinding, "level" | "app" | "code" | "message" | "fix">;

/** What is wrong with a template, each once: for one app, for several, or for all that go through the environment. */
export function tried(render: (app: App) => void, apps: readonly App[], environment: Environment): Told[] {
  const found = new Map<string, { told: Told; names: AppName[] }>();
  for (const app of apps) {
    try {
      render(app);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { level, code, message, fix } = templateFinding(error, { app, environment });
      const known = found.get(level + message) ?? { told: { level, app: undefined, code, message, fix }, names: [] };
      known.names.push(app.name);
      found.set(level + message, known);
    }
  }
  return [...found.values()].map(({ told, names }) => {
    if (names.length === 1) return { ...told, app: names[0] };
    return names.length === apps.length
      ? told
      : { ...told, message: `${told.message} This is so of ${listed(names)}.` };
  });
}

/** Names that are told of many. */
const mostNamed = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed);
  const last = names.length > mostNamed ? `${names.length - mostNamed} more` : (shown.pop() ?? "");
  return `${shown.join(", ")} and ${last}`;
}
