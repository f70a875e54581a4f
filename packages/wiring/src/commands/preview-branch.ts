import { type App, type AppName, previewsOfGoneBranch, unknownName } from "@glu/core";
import type { previewDown as downCommand, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { costOf } from "../cost.ts";
import { nothingDone } from "../nothing-done.ts";
import { once } from "../once.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { accessTo, askedBy, noForge, openPreviews, pullsOf, tell } from "./preview-access.ts";
import { degradedText, placeOf, previewData } from "./preview-outcome.ts";

/** What goes with a branch that was deleted: inputs → use case → what there is to say. */
export async function downWithBranch(
  inputs: InputsOf<typeof downCommand> & { branch: string },
  connected: Connected,
): Promise<Outcome> {
  const { surroundings } = connected;
  const { context, clock, logger } = surroundings;
  const { pipeline, previews, repository, first } = await openPreviews(connected);
  const named = inputs.app === undefined ? undefined : pipeline.apps.get(inputs.app);
  if (inputs.app !== undefined && named === undefined) {
    throw unknownName("app", inputs.app, pipeline.apps.keys(), pipeline.file);
  }
  // One that names none is in the config repository.
  const isHere = ({ repository: own }: App) =>
    own === undefined ? inputs.configRepository === undefined : own.toLowerCase() === context.repository.toLowerCase();
  const apps = named === undefined ? [...pipeline.apps.values()].filter(isHere) : [named];
  const [app] = apps;
  if (app === undefined)
    return nothingDone(`No app of the config is in ${context.repository}: nothing goes with a branch.`);
  const pulls = pullsOf(app, connected, inputs.hostToken);
  if (pulls === undefined) throw noForge(app.name, app.repository);
  const { state, commit, gone, open } = await previewsOfGoneBranch(
    {
      ...{ apps: apps.map(({ name }) => name), branch: inputs.branch },
      ...(await askedBy(inputs, connected)),
    },
    { repository, first, pulls, clock, logger },
  );
  const degraded: string[] = [];
  const at = { open: once(() => repository.open()) };
  for (const number of new Set(inputs.plan ? [] : gone.map((one) => one.number))) {
    const known = { app, pipeline, previews };
    const names = gone.filter((one) => one.number === number).map((one) => one.app as AppName);
    const told = { number, plan: false, state, atOnce: false, apps: names };
    degraded.push(...(await tell(known, told, at, accessTo(app, connected, inputs.hostToken))));
  }
  const what = `${count(gone.length, "preview")} of the branch`;
  const goes = inputs.plan ? "would go" : gone.length === 1 ? "is taken down" : "are taken down";
  const result = inputs.plan ? "planned" : state;
  const notices = open.map((one) => `The preview of ${placeOf(one)} stays: its pull request is open.`);
  const shown = page({
    ...{ schema: "glu.preview-sweep.v1", result, tone: "ok" },
    headline: gone.length === 0 ? "nothing goes with the branch" : `${what} ${goes}`,
    columns: ["Preview", "What becomes of it", "Why"],
    rows: gone.map((one) => [placeOf(one), goes, "its branch was deleted, and its pull request closed"]),
    data: {
      ...{ commit: commit ?? null, commits: commit === undefined ? [] : [commit] },
      swept: gone.map((one) => ({ ...previewData(one), because: "closed", cause: "its branch was deleted" })),
      ...{ missing: [], lacking: [], kept: open.length, refusals: [], failures: [], degraded: degradedText(degraded) },
    },
    cost: costOf(repository.cost(), surroundings),
  });
  const outputs = {
    ...{ result, state, commit: commit ?? "", commits: commit ?? "", swept: gone.map(placeOf).join(",") },
    ...{ kept: String(open.length), degraded: degraded.join("\n") },
  };
  return { ...shown, notices, outputs };
}
