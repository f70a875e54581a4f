import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import type { Templates } from "../ports/templates.ts";
import { proposalVariables } from "../propose/variables.ts";
import type { ConfigFinding } from "./config-finding.ts";
import { sampleOf } from "./sample-artifact.ts";
import { tried } from "./tried-templates.ts";

/** Tries the templates of proposals' titles and bodies with an artifact made up for each app. All that is wrong is told. */
export function checkProposals(pipeline: Pipeline, templates: Templates): ConfigFinding[] {
  return [...pipeline.environments.values()].flatMap((environment) => {
    const apps = [...pipeline.apps.values()].filter(({ environments }) => environments.includes(environment.name));
    const { title, body } = environment.propose ?? {};
    return [
      ...checked("title", title, { pipeline, environment, apps, templates }),
      ...checked("body", body, { pipeline, environment, apps, templates }),
    ];
  });
}

function checked(
  key: "title" | "body",
  template: string | undefined,
  at: { pipeline: Pipeline; environment: Environment; apps: readonly App[]; templates: Templates },
): ConfigFinding[] {
  const { pipeline, environment, apps, templates } = at;
  if (template === undefined) return [];
  const render = (app: App) => {
    const brought = { environment, apps: [{ app, artifact: sampleOf(app, 1) }] };
    const variables = proposalVariables(brought, { title: "Promote", actor: "someone", reason: "" });
    templates.render(template, key === "body" ? { ...variables, plan: "" } : variables);
  };
  return tried(render, apps, environment).map((told) => ({
    ...told,
    environment: environment.name,
    path: pipeline.file,
    line: undefined,
    message: `environments.${environment.name}.propose.${key}: ${told.message}`,
  }));
}
