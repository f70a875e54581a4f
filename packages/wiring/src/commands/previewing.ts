import { randomUUID } from "node:crypto";
import {
  type App,
  type AppName,
  type ConfigRepository,
  duration,
  expiryOf,
  extendPreview,
  type Pipeline,
  type Preview,
  type PreviewRequest,
  type Previews,
  type PullEvent,
  type Pulls,
  previewDown,
  previewUp,
  readPreviews,
  requestId,
  type Swept,
  sweepPreviews,
  timeOfDown,
  timeOfUp,
  timestamp,
  UserError,
  unknownName,
  usualPreviews,
  type Wish,
  wishOf,
} from "@glu/core";
import type {
  previewDown as downCommand,
  previewExtend as extendCommand,
  InputsOf,
  previewList as listCommand,
  previewSweep as sweepCommand,
  previewUp as upCommand,
} from "@glu/inputs";
import { type Cell, count } from "@glu/report";
import { actorOf } from "../actor.ts";
import type { ForgeAccess } from "../forge-outside.ts";
import { nothingDone } from "../nothing-done.ts";
import { type Outcome, page } from "../outcome.ts";
import { createPulls } from "../pulls.ts";
import { ownToken } from "../repositories/token.ts";
import type { Connected } from "./preview.ts";
import { imagesOf } from "./preview-images.ts";
import { dataOf, downOutcome, placeOf, previewData, tableOf, upOutcome } from "./preview-outcome.ts";
import { templateOf } from "./preview-template.ts";
import { identityOf } from "./promotion.ts";

/** An app that has previews, and what the config says of them. */
interface Previewed {
  pipeline: Pipeline;
  app: App;
  previews: Previews;
}

async function previewed({ connection: { repository, loadPipeline } }: Connected, name: AppName): Promise<Previewed> {
  const pipeline = await loadPipeline(await repository.open());
  const app = pipeline.apps.get(name);
  if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
  const previews = pipeline.previews ?? usualPreviews;
  return { pipeline, app, previews: { ...previews, host: app.preview?.host ?? previews.host } };
}

/**
 * How the forge is asked about an app's repository: the job's own token knows the job's repository, where one that was given
 * may be for previews alone. GitLab's knows little of merge requests, so there what was given comes first.
 */
function accessTo(app: App, { connection, repositories, surroundings }: Connected, hostToken?: string): ForgeAccess {
  const { context, env } = surroundings;
  const own = ownToken(hostToken, env, context.host);
  const isOwn = app.repository?.toLowerCase() === context.repository.toLowerCase();
  const isBest = isOwn && own.value !== undefined && (context.host === "github" || context.host === "gitea");
  return { surroundings, token: isBest ? own : repositories.token, location: connection.repository.location };
}

/** The pull requests of an app's repository; undefined where no forge may be asked. */
const pullsOf = (app: App, connected: Connected, hostToken?: string): Pulls | undefined =>
  createPulls(accessTo(app, connected, hostToken), app.repository);

/** Says on the pull request where its previews are, once they are there. @returns what could not be said */
async function tell(
  { app, previews, pipeline }: Previewed,
  told: { number: number; plan: boolean; state: string; atOnce?: boolean },
  repository: ConfigRepository,
  access: ForgeAccess,
): Promise<string | undefined> {
  if (told.plan || told.state === "refused" || !previews.comment) return undefined;
  const { tellPull } = await import("./preview-comment.ts");
  const degraded = await tellPull({
    ...{ number: told.number, atOnce: told.atOnce ?? true },
    ...{ source: app.repository, repository, pipeline, access },
  });
  if (degraded !== undefined) access.surroundings.logger.warning(degraded);
  return degraded;
}

interface Asked {
  app: AppName;
  number: string | undefined;
  plan: boolean;
  requestId: ReturnType<typeof requestId> | undefined;
  author: string | undefined;
}

function numberOf({ number }: Pick<Asked, "number">, { context }: Connected["surroundings"]): number {
  if (number !== undefined) return Number(number);
  if (context.pull !== undefined) return context.pull.number;
  throw new UserError("preview/no-number", "Which pull request is meant is not known here.", {
    seen: context.hostEvent,
    fix: "Give its number, or let the job run on pull requests.",
  });
}

/** The event that the job is of, where it is about the pull request that is meant. */
function eventOf(number: number, { context: { pull } }: Connected["surroundings"]): PullEvent | undefined {
  return pull?.number === number ? pull : undefined;
}

async function requestOf(
  inputs: Asked,
  { connection, repositories, surroundings }: Connected,
): Promise<PreviewRequest> {
  return {
    app: inputs.app,
    number: numberOf(inputs, surroundings),
    plan: inputs.plan,
    actor: await actorOf(surroundings, repositories.source, connection.repository.location),
    request: inputs.requestId ?? requestId(randomUUID()),
    author: inputs.author === undefined ? undefined : identityOf(inputs.author),
  };
}

export async function up(inputs: InputsOf<typeof upCommand>, connected: Connected): Promise<Outcome> {
  const { connection, surroundings } = connected;
  const known = await previewed(connected, inputs.app);
  const { app, previews } = known;
  const { clock, logger, context } = surroundings;
  const request = await requestOf(inputs, connected);
  const pull = eventOf(request.number, surroundings);
  const head = inputs.sha ?? pull?.head;
  if (head === undefined) {
    throw new UserError("preview/no-commit", `Which commit of #${request.number} is meant is not known here.`, {
      seen: context.hostEvent,
      fix: "Give --sha, the commit at its head.",
    });
  }
  const pulls = pullsOf(app, connected, inputs.hostToken);
  const live = await pulls?.find(request.number);
  const asked = pull !== undefined;
  // Whoever asks without being asked by an event may write there, and has named the commit. In a job of the pull request
  // itself a commit that is given is that of the event, whatever a workflow calls it: nobody has looked at it yet.
  const wish: Wish = asked
    ? wishOf({ pull, fork: context.fork || live?.fromFork === true }, previews)
    : { wanted: true, trust: { by: "command", sha: head } };
  if (!wish.wanted) return nothingDone(`Pull request ${request.number} gets no preview: ${wish.why}.`);
  const own = live === undefined ? undefined : { clock: live.updatedAt, isOwn: true };
  const time = (pull === undefined ? undefined : timeOfUp(pull)) ?? own ?? { clock: clock.now(), isOwn: false };
  const repository = await connection.repositoryAt(previews);
  const [{ createTemplates }, { manifests }] = await Promise.all([import("@glu/config"), import("@glu/editors")]);
  const result = await previewUp(
    {
      ...request,
      trust: wish.trust,
      event: { ...time, head },
      pullAuthor: live?.author ?? pull?.author,
      branch: inputs.branch ?? live?.branch ?? pull?.branch,
      images: await imagesOf(inputs.image, app, connected),
      settings: previews,
    },
    {
      ...{ repository, pulls, clock, logger, manifests },
      loadTemplate: await templateOf(app, { previews: repository, into: previews.folder }, connected),
      templates: await createTemplates(),
    },
  );
  const access = accessTo(app, connected, inputs.hostToken);
  const degraded = await tell(known, { ...request, state: result.state }, repository, access);
  return upOutcome(result, { ...request, isOfEvent: asked, degraded }, repository.location, connected);
}

export async function down(inputs: InputsOf<typeof downCommand>, connected: Connected): Promise<Outcome> {
  const { connection, surroundings } = connected;
  const pipeline = await connection.loadPipeline(await connection.repository.open());
  const previews = pipeline.previews ?? usualPreviews;
  // One that the config does not declare any more can go as well.
  const app = pipeline.apps.get(inputs.app);
  const { clock, logger } = surroundings;
  const repository = await connection.repositoryAt(previews);
  if (app === undefined && !(await isThere(inputs.app, repository))) {
    throw unknownName("app", inputs.app, pipeline.apps.keys(), pipeline.file);
  }
  const request = await requestOf(inputs, connected);
  const pulls = app === undefined ? undefined : pullsOf(app, connected, inputs.hostToken);
  const ports = { repository, pulls, clock, logger };
  const pull = inputs.number === undefined ? eventOf(request.number, surroundings) : undefined;
  const event = pull === undefined ? undefined : timeOfDown(pull);
  // Where the label was taken off it goes down, though the pull request is open.
  const isUnlabelled = pull?.label === previews.label && !pull.labels.includes(previews.label);
  const because = pull === undefined || isUnlabelled ? "command" : "closed";
  const result = await previewDown({ ...request, event, because }, ports);
  const told = { ...request, state: result.state };
  const degraded =
    app === undefined
      ? undefined
      : await tell({ app, pipeline, previews }, told, repository, accessTo(app, connected, inputs.hostToken));
  const isOfEvent = pull !== undefined;
  return downOutcome(result, { ...request, isOfEvent, degraded }, repository.location, connected);
}

async function isThere(app: AppName, repository: ConfigRepository): Promise<boolean> {
  const { previews, tombstones } = await readPreviews(await repository.open(), app);
  return previews.length + tombstones.length > 0;
}

export async function extend(inputs: InputsOf<typeof extendCommand>, connected: Connected): Promise<Outcome> {
  const { connection, surroundings } = connected;
  const { previews } = await previewed(connected, inputs.app);
  const { clock, logger } = surroundings;
  const repository = await connection.repositoryAt(previews);
  const request = await requestOf(inputs, connected);
  const result = await extendPreview({ ...request, by: duration(inputs.by) }, { repository, clock, logger });
  const place = placeOf(request);
  if (result.preview === undefined) {
    throw new UserError("preview/none", `There is no preview of ${place}.`, {
      seen: place,
      fix: "'glu preview list' shows those that there are.",
    });
  }
  const until = timestamp(expiryOf(result.preview).at);
  const stays = result.state === "extended" ? (inputs.plan ? "would stay" : "stays") : "stays anyway";
  return page({
    schema: "glu.preview-change.v1",
    result: inputs.plan ? "planned" : result.state,
    tone: "ok",
    headline: `the preview of ${place} ${stays} until ${until}`,
    columns: [],
    rows: [],
    data: dataOf(request, result, connected, repository.location),
  });
}

export async function list(
  inputs: InputsOf<typeof listCommand>,
  { connection, surroundings }: Connected,
): Promise<Outcome> {
  const pipeline = await connection.loadPipeline(await connection.repository.open());
  const repository = await connection.repositoryAt(pipeline.previews ?? usualPreviews);
  const { previews } = await readPreviews(await repository.open(), inputs.app);
  return page({
    schema: "glu.previews.v1",
    result: "listed",
    tone: "ok",
    headline: previews.length === 0 ? "there are no previews" : count(previews.length, "preview"),
    ...tableOf(previews, surroundings.clock.now()),
    data: { previews: previews.map(previewData) },
  });
}

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
      const told = { number, plan: false, state: "removed", atOnce: false };
      const known = { app, pipeline, previews: pipeline.previews ?? usualPreviews };
      await tell(known, told, repository, accessTo(app, connected));
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
