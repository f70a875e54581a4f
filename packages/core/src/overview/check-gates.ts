import { templateVariables } from "../edit/variables.ts";
import type { AnyGate, FaultsWhere } from "../gates/gate.ts";
import { type RepoPath, repoPath } from "../model/names.ts";
import type { App, Environment, GateUse, Pipeline } from "../model/pipeline.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { Templates } from "../ports/templates.ts";
import type { ConfigFinding } from "./config-finding.ts";
import { sampleOf } from "./sample-artifact.ts";
import { type Told, tried } from "./tried-templates.ts";

export interface CheckGatesOptions {
  gates: readonly AnyGate[];
  templates: Templates;
  tip: Pick<Snapshot, "read">;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Looks into the options of every gate for what reading the config does not tell, without asking anybody: templates are
 * tried with an artifact made up for each app, as those of `write` are. All that is wrong is told, not only the first.
 */
export async function checkGates(pipeline: Pipeline, options: CheckGatesOptions): Promise<ConfigFinding[]> {
  const findings: ConfigFinding[] = [];
  for (const environment of pipeline.environments.values()) {
    const apps = [...pipeline.apps.values()].filter(({ environments }) => environments.includes(environment.name));
    for (const { use, index, key, within } of usesIn(environment)) {
      const gate = options.gates.find(({ name }) => name === use.name);
      if (gate === undefined) continue;
      const place = use.at?.path ?? `environments.${environment.name}.${key}[${index}].${use.name}`;
      const told = [
        ...(await faultsIn(gate, use, { environment, within }, options)),
        ...(gate.templates?.(use.options) ?? []).flatMap((template) => {
          const render = (app: App) =>
            options.templates.render(template, templateVariables(app, sampleOf(app, 1), environment));
          return tried(render, apps, environment);
        }),
      ];
      const at = { environment: environment.name, path: pipeline.file, line: use.at?.line };
      findings.push(...told.map((one) => ({ ...one, ...at, message: `${place}: ${one.message}` })));
    }
  }
  return findings;
}

/** What stands under `gates`, and under `verify`. */
function usesIn({ gates, verify }: Environment) {
  const { gates: verifying = [], within } = verify ?? {};
  return [
    ...gates.map((use, index) => ({ use, index, key: "gates", within: undefined })),
    ...verifying.map((use, index) => ({ use, index, key: "verify.gates", within })),
  ];
}

async function faultsIn(
  gate: AnyGate,
  use: GateUse,
  where: Pick<FaultsWhere, "environment" | "within">,
  { tip, now }: CheckGatesOptions,
): Promise<Told[]> {
  const text: FaultsWhere["text"] = async (path) => {
    const at: RepoPath = repoPath(path);
    const found = (await tip.read([at])).get(at);
    return found?.kind === "file" ? new TextDecoder().decode(found.content) : undefined;
  };
  const faults = (await gate.faultsIn?.(use.options, { ...where, now, text })) ?? [];
  return faults.map(({ message, ...fault }) => ({
    ...fault,
    app: undefined,
    code: "config/gate",
    message: `${message}.`,
  }));
}
