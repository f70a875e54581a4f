import { randomUUID } from "node:crypto";
import { type RemoveResult, remove, requestId, type Undoing } from "@glu/core";
import type { remove as command, InputsOf } from "@glu/inputs";
import { type Cell, count } from "@glu/report";
import { actorOf } from "../actor.ts";
import { linksOf } from "../links.ts";
import { type Outcome, page } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Surroundings } from "../surroundings.ts";
import { decisionPorts } from "./decision-ports.ts";
import { refresh } from "./holds.ts";
import { identityOf } from "./promotion.ts";

/** An app out of an environment: inputs → use case → what there is to say. */
export async function removeThere(
  inputs: InputsOf<typeof command>,
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { app, environment, reason, plan, files, overwrite, override } = inputs;
  const { location } = connection.repository;
  const result = await remove(
    {
      ...{ app, environment, reason, plan, files, overwrite, override },
      actor: await actorOf(surroundings, repositories.source, location),
      request: inputs.requestId ?? requestId(randomUUID()),
      repeatable: inputs.requestId !== undefined,
      directly: inputs.strategy === "commit",
      author: inputs.author === undefined ? undefined : identityOf(inputs.author),
    },
    await decisionPorts(connection, repositories, surroundings),
  );
  // Where changes are proposed, one of this place may be open: it must not bring it back.
  const notices =
    result.result === "removed" && inputs.strategy === "commit"
      ? await refresh({ apps: [app], environments: [environment] }, connection, repositories, surroundings)
      : [];
  const kept = result.values.filter(({ how }) => how === "kept");
  const stays =
    kept.length === 0 ? [] : [`${count(kept.length, "value")} of it ${kept.length === 1 ? "stays" : "stay"}.`];
  return { ...outcomeOf(result, inputs, location, surroundings), notices: [...notices, ...stays] };
}

function outcomeOf(
  result: RemoveResult,
  { app, environment }: InputsOf<typeof command>,
  location: string,
  surroundings: Surroundings,
): Outcome {
  const { commit, release, repeated, values, changes } = result;
  const href = commit === undefined ? undefined : linksOf(location, surroundings).commit?.(commit);
  return page({
    schema: "glu.remove.v1",
    result: result.result,
    tone: result.result === "removed" ? "ok" : "note",
    headline: headlineOf(result, `${app} in ${environment}`),
    columns: ["Value", "File", "What becomes of it"],
    rows: values.map((one): Cell[] => [one.selector, one.path, becomes(one, result)]),
    files: changes,
    data: {
      app,
      environment,
      commit: commit ?? null,
      url: href ?? null,
      repeated,
      artifact: release?.artifact.id ?? null,
      values: values.map(({ path, selector, how, before, why }) => {
        return { path, selector, how, before: before ?? null, why: why ?? null };
      }),
      files: changes.map(({ path, after }) => ({ path, change: after === undefined ? "deleted" : "changed" })),
    },
  });
}

function headlineOf({ result, commit, repeated }: RemoveResult, place: string): string {
  const at = commit === undefined ? "" : ` by ${commit.slice(0, 7)}`;
  if (repeated) return `${place} was removed by the same request${at}`;
  if (result === "unchanged") return `${place} was removed before`;
  return result === "planned" ? `${place} would be removed` : `${place} is removed${at}`;
}

function becomes({ how, before, why }: Undoing, { result }: RemoveResult): string {
  const is = result === "planned" ? "would be" : "is";
  if (how === "removed") return `${is} taken out`;
  if (how === "restored") return before === undefined ? `${is} empty again` : `${is} ${JSON.stringify(before)} again`;
  return `stays: ${why ?? ""}`;
}
