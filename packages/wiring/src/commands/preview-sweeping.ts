import { type AppName, GluError, readPreviews, type SweepResult, sweepPreviews, unknownName } from "@glu/core";
import type { InputsOf, previewSweep as sweepCommand } from "@glu/inputs";
import { once } from "../once.ts";
import type { Outcome } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { accessTo, askedBy, noForge, type Opened, openPreviews, pullsOf, tell } from "./preview-access.ts";
import { bringBackPorts } from "./preview-back.ts";
import { type SweptGroup, sweepOutcome } from "./preview-swept.ts";

type SweepInputs = InputsOf<typeof sweepCommand> & { hostToken?: string | undefined };

/** `glu preview sweep`: inputs → use case, once for each repository of pull requests → what there is to say. */
export async function sweep(inputs: SweepInputs, connected: Connected): Promise<Outcome> {
  const opened = await openPreviews(connected);
  const { pipeline, repository } = opened;
  const tip = opened.first ?? (await repository.open());
  const { previews, tombstones } = await readPreviews(tip);
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
  const done: SweptGroup[] = [];
  // Of the tip that was read the first one decides; a commit of it makes it an old one.
  let first: typeof tip | undefined = tip;
  for (const apps of groups.values()) {
    const of = pipeline.apps.get(apps[0] as AppName)?.repository;
    try {
      const result = await sweepGroup(apps, inputs, { ...opened, first }, connected);
      if (result.commit !== undefined) first = undefined;
      done.push({ apps, repository: of, result });
    } catch (error) {
      // What keeps one repository from being swept keeps no other from it.
      if (!(error instanceof GluError) || groups.size === 1) throw error;
      first = undefined;
      done.push({ apps, repository: of, error });
    }
  }
  const degraded = inputs.plan ? [] : await tellAll(done, opened, inputs, connected);
  return sweepOutcome(done, { plan: inputs.plan, degraded }, repository, connected);
}

async function sweepGroup(
  apps: readonly AppName[],
  inputs: SweepInputs,
  { pipeline, previews, repository, first }: Opened,
  connected: Connected,
): Promise<SweepResult> {
  const { surroundings } = connected;
  const { clock, logger } = surroundings;
  const app = pipeline.apps.get(apps[0] as AppName);
  const pulls = app === undefined ? undefined : pullsOf(app, connected, inputs.hostToken);
  if (app !== undefined && pulls === undefined) throw noForge(app.name, app.repository);
  return sweepPreviews(
    {
      ...{ apps, repository: app?.repository, asking: previews, force: inputs.force },
      ...(await askedBy(inputs, connected)),
    },
    {
      ...{ repository, first, pulls, clock, logger },
      bringBack: await bringBackPorts({ pipeline, previews, repository }, connected),
    },
  );
}

/** Says on each pull request that its previews are gone. @returns what could not be said */
async function tellAll(
  done: readonly SweptGroup[],
  { pipeline, previews, repository }: Opened,
  { hostToken }: SweepInputs,
  connected: Connected,
): Promise<string[]> {
  const degraded: string[] = [];
  const at = { open: once(() => repository.open()) };
  for (const { apps, result } of done) {
    const app = pipeline.apps.get(apps[0] as AppName);
    if (app === undefined) continue;
    const swept = result?.swept.map(({ preview }) => preview) ?? [];
    for (const number of new Set(swept.map((one) => one.number))) {
      const names = swept.filter((one) => one.number === number).map((one) => one.app as AppName);
      const told = { number, plan: false, state: "removed", atOnce: false, apps: names };
      degraded.push(...(await tell({ app, pipeline, previews }, told, at, accessTo(app, connected, hostToken))));
    }
  }
  return degraded;
}
