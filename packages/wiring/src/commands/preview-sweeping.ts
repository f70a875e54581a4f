import { randomUUID } from "node:crypto";
import {
  type AppName,
  type Preview,
  readPreviews,
  requestId,
  type Swept,
  sweepPreviews,
  UserError,
  unknownName,
  usualPreviews,
} from "@glu/core";
import type { InputsOf, previewSweep as sweepCommand } from "@glu/inputs";
import { type Cell, count } from "@glu/report";
import { actorOf } from "../actor.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { accessTo, pullsOf, tell } from "./preview-access.ts";
import { degradedText, placeOf, previewData } from "./preview-outcome.ts";
import { identityOf } from "./promotion.ts";

/** `glu preview sweep`: inputs → use case, once for each repository of pull requests → what there is to say. */
export async function sweep(inputs: InputsOf<typeof sweepCommand>, connected: Connected): Promise<Outcome> {
  const { connection, surroundings, repositories } = connected;
  const { clock, logger } = surroundings;
  const pipeline = await connection.loadPipeline(await connection.repository.open());
  const repository = await connection.repositoryAt(pipeline.previews ?? usualPreviews);
  const { previews, tombstones } = await readPreviews(await repository.open());
  const there = [...new Set([...previews, ...tombstones].map(({ app }) => app as AppName))];
  const names = inputs.app.length > 0 ? inputs.app : there;
  const unknown = names.find((name) => !pipeline.apps.has(name) && !there.includes(name));
  if (unknown !== undefined) throw unknownName("app", unknown, pipeline.apps.keys(), pipeline.file);
  /** By the repository of their pull requests; those that the config does not declare any more have none. */
  const groups = new Map<string | undefined, AppName[]>();
  for (const name of names) {
    const app = pipeline.apps.get(name);
    const own = app === undefined ? undefined : (app.repository ?? "");
    groups.set(own, [...(groups.get(own) ?? []), name]);
  }
  const swept: Swept[] = [];
  const refusals: string[] = [];
  const degraded: string[] = [];
  let commit: string | undefined;
  let kept = 0;
  const missing: Preview[] = [];
  for (const apps of groups.values()) {
    const [first] = apps;
    const app = first === undefined ? undefined : pipeline.apps.get(first);
    const pulls = app === undefined ? undefined : pullsOf(app, connected);
    if (app !== undefined && pulls === undefined) {
      throw new UserError("preview/no-forge", `Which pull requests of ${app.name} are open is not known here.`, {
        seen: app.repository,
        fix: "Let it run on the forge with a token that reads pull requests, or give GLU_TOKEN.",
      });
    }
    const result = await sweepPreviews(
      {
        ...{ apps, force: inputs.force, plan: inputs.plan },
        actor: await actorOf(surroundings, repositories.source, connection.repository.location),
        request: inputs.requestId ?? requestId(randomUUID()),
        author: inputs.author === undefined ? undefined : identityOf(inputs.author),
      },
      { repository, pulls, clock, logger },
    );
    swept.push(...result.swept);
    const numbers = inputs.plan ? [] : new Set(result.swept.map(({ preview }) => preview.number));
    for (const number of numbers) {
      if (app === undefined) break;
      const gone = result.swept.filter(({ preview }) => preview.number === number);
      const names = gone.map(({ preview }) => preview.app as AppName);
      const told = { number, plan: false, state: "removed", atOnce: false, apps: names };
      const known = { app, pipeline, previews: pipeline.previews ?? usualPreviews };
      degraded.push(...(await tell(known, told, repository, accessTo(app, connected))));
    }
    missing.push(...result.missing);
    kept += result.kept;
    commit ??= result.commit;
    if (result.refusal !== undefined) refusals.push(`${result.refusal.seen}. ${result.refusal.fix}`);
  }
  const goes = inputs.plan ? "would go" : swept.length === 1 ? "is taken down" : "are taken down";
  const shown = page(
    {
      schema: "glu.preview-sweep.v1",
      result: refusals.length > 0 ? "refused" : inputs.plan ? "planned" : swept.length > 0 ? "swept" : "unchanged",
      tone: refusals.length > 0 ? "error" : "ok",
      headline:
        refusals.length > 0
          ? `nothing is swept: ${refusals[0]}`
          : swept.length === 0
            ? `nothing is to be swept: ${count(kept, "preview")}`
            : `${count(swept.length, "preview")} ${goes}, ${kept} stay`,
      columns: ["Preview", "Why it goes", "What was missed"],
      rows: swept.map(({ preview, because, cause }): Cell[] => [placeOf(preview), because, cause]),
      data: {
        commit: commit ?? null,
        swept: swept.map(({ preview, because, cause }) => ({ ...previewData(preview), because, cause })),
        missing: missing.map(previewData),
        kept,
        refusals,
        degraded: degradedText(degraded),
      },
    },
    refusals.length > 0 ? 3 : 0,
  );
  const orphans = swept.filter(({ because }) => because === "orphan");
  const notices = [
    ...orphans.map(({ preview, cause }) => `${placeOf(preview)} was left behind: ${cause}.`),
    ...missing.map((one) => `Files of the preview of ${placeOf(one)} are missing: run its job again.`),
  ];
  return { ...shown, notices };
}
