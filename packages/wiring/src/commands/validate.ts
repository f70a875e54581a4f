import { createTemplates } from "@glu/config";
import { type ConfigFinding, checkGates, checkProposals, checkWrites, programGates } from "@glu/core";
import { editors } from "@glu/editors";
import type { validate as command, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import { openConfig } from "../repositories/open-config.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu validate`: the working copy before it is pushed, or a config repository's tip. Exit code 2 when something is wrong. */
export async function runValidate(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context, cwd, clock } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const { tip, load } = await openConfig(inputs, repositories, cwd);
  const { pipeline } = await load(tip);
  const templates = await createTemplates();
  const ofGates = await checkGates(pipeline, { gates: programGates, templates, tip, now: clock.now() });
  const ofProposals = checkProposals(pipeline, templates);
  const findings = [...ofGates, ...ofProposals, ...(await checkWrites(pipeline, tip, { editors, templates }))];
  const errors = findings.filter(({ level }) => level === "error");
  const wrong = [...ofGates, ...ofProposals].some(({ level }) => level === "error")
    ? `${pipeline.file} has ${count(errors.length, "error")}`
    : `${pipeline.file}: ${count(errors.length, "place")} cannot be written`;
  const counts = `${count(pipeline.apps.size, "app")}, ${count(pipeline.environments.size, "environment")}`;
  const outcome = page(
    {
      tone: errors.length === 0 ? "ok" : "error",
      schema: "glu.validation.v1",
      result: errors.length === 0 ? "valid" : "invalid",
      headline: errors.length === 0 ? `${pipeline.file} is valid: ${counts}` : wrong,
      columns: findings.length === 0 ? [] : ["Level", "App", "Environment", "Where", "What", "Fix"],
      rows: findings.map(rowOf),
      data: { file: pipeline.file, apps: pipeline.apps.size, environments: pipeline.environments.size, findings },
    },
    errors.length === 0 ? 0 : 2,
  );
  if (pipeline.apps.size > 0) return outcome;
  return { ...outcome, notices: [`${pipeline.file} declares no app, so nothing is ever promoted.`] };
}

function rowOf({ level, app, environment, path, line, code, message, fix }: ConfigFinding): string[] {
  const where = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}`;
  return [level, app ?? "", environment, where, `${message} (${code})`, fix ?? ""];
}
