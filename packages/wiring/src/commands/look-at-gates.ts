import { type DoctorFinding, GluError, type Pipeline, status, type TriedGate, tryGates } from "@glu/core";
import { count } from "@glu/report";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Surroundings } from "../surroundings.ts";
import { decisionPorts } from "./decision-ports.ts";

/** Whether those answer whom the gates of the config ask, and what they say of what runs now. They are asked only to read. */
export async function lookAtGates(...asked: Parameters<typeof triedOf>): Promise<DoctorFinding[]> {
  const [, , { surroundings }] = asked;
  try {
    return (await triedOf(...asked)).map((one) => findingOf(one, surroundings.context.host === "terminal"));
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return [{ check: "gates", state: "error", seen: `${error.message} (${error.code})`, fix: error.fix ?? "" }];
  }
}

async function triedOf(
  connected: ConfigConnection,
  pipeline: Pipeline,
  { repositories, surroundings }: { repositories: Repositories; surroundings: Surroundings },
): Promise<TriedGate[]> {
  const { clock } = surroundings;
  const { rows } = await status({ apps: [], environments: [] }, { ...connected, clock });
  const observing = await decisionPorts(connected, repositories, surroundings);
  const { commit } = await connected.repository.open();
  return tryGates({
    pipeline,
    observing: { ...observing, tip: { repository: connected.repository.location, commit } },
    artifactOf: (app, { name }) => rows.find((row) => row.app === app && row.environment === name)?.release?.artifact,
  });
}

function findingOf({ environment, under, name, apps, left, isLeftOut }: TriedGate, atTerminal: boolean): DoctorFinding {
  const check = `${under === "verify" ? "verify" : "gate"} ${environment}: ${name}`;
  if (isLeftOut) return { check, state: "unseen", seen: "a program of the job, or a POST, is not tried", fix: "" };
  const silent = apps.find(({ said }) => said.unknown === true);
  const [told = silent] = silent === undefined ? apps : [silent];
  if (told === undefined) return { check, state: "ok", seen: "no app goes there", fix: "" };
  const { result } = told.said;
  const more =
    apps.length > 1 || left > 0 ? ` (of ${count(apps.length, "app")}${left > 0 ? `, and ${left} more` : ""})` : "";
  const seen = `${told.app}: ${result.seen}${more}`;
  if (silent === undefined) return { check, state: "ok", seen, fix: "" };
  const code = result.code ?? "";
  // At a terminal the job's variables are not expected; and a place where nothing runs yet has no numbers.
  const mayBe = code.endsWith("/no-data") || (atTerminal && code.endsWith("/no-variable"));
  const fix = `It takes ${result.clearedBy ?? "another try"} (${code}).`;
  return { check, state: mayBe ? "warning" : "error", seen, fix };
}
