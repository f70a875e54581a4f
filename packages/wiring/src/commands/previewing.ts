import {
  type AppName,
  duration,
  type EventTime,
  expiryOf,
  extendPreview,
  type PreviewRequest,
  type PullEvent,
  previewDown,
  previewUp,
  type RequestId,
  readPreviews,
  refName,
  type Snapshot,
  timeOfDown,
  timeOfUp,
  timestamp,
  UserError,
  unknownName,
  type Wish,
  wishOf,
} from "@glu/core";
import type {
  previewDown as downCommand,
  previewExtend as extendCommand,
  InputsOf,
  previewList as listCommand,
  previewUp as upCommand,
} from "@glu/inputs";
import { count } from "@glu/report";
import { costOf } from "../cost.ts";
import { nothingDone } from "../nothing-done.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { accessTo, askedBy, makingOf, noForge, openPreviews, previewed, pullsOf, tell } from "./preview-access.ts";
import { builderOf } from "./preview-build.ts";
import { imagesOf } from "./preview-images.ts";
import { dataOf, downOutcome, placeOf, previewData, tableOf, upOutcome } from "./preview-outcome.ts";
import { templateOf } from "./preview-template.ts";

interface Asked {
  app: AppName;
  number: string | undefined;
  plan: boolean;
  requestId: RequestId | undefined;
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

async function requestOf(inputs: Asked, connected: Connected): Promise<PreviewRequest> {
  const number = numberOf(inputs, connected.surroundings);
  return { app: inputs.app, number, ...(await askedBy(inputs, connected)) };
}

/** @param at when somebody asked for it in a comment; undefined: as the job's event says, and else now */
export async function up(inputs: InputsOf<typeof upCommand>, connected: Connected, at?: EventTime): Promise<Outcome> {
  const { surroundings } = connected;
  const known = await previewed(connected, inputs.app);
  const { app, previews, repository, first } = known;
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
  const patience = inputs.wait === undefined ? undefined : duration(inputs.wait);
  if (patience !== undefined && previews.health === undefined) {
    throw new UserError("preview/no-health", `How the preview of ${app.name} is asked for its health is not said.`, {
      seen: `wait: ${inputs.wait}`,
      fix: 'Write previews.health: "https://{{ preview.host }}/healthz", or leave wait out.',
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
  const time = at ?? (pull === undefined ? undefined : timeOfUp(pull)) ?? own ?? { clock: clock.now(), isOwn: false };
  const into = asked ? context.merging?.into : undefined;
  const base = into ?? (live?.base === undefined ? undefined : refName(live.base));
  const [{ createTemplates }, { manifests, kustomizations }] = await Promise.all([
    import("@glu/config"),
    import("@glu/editors"),
  ]);
  const result = await previewUp(
    {
      ...request,
      trust: wish.trust,
      event: { ...time, head },
      byName: !asked && at === undefined,
      pullAuthor: live?.author ?? pull?.author,
      ...{ repository: app.repository, base, branch: inputs.branch ?? live?.branch ?? pull?.branch },
      images: await imagesOf(
        inputs.image.map((text) => text.replaceAll("{{pull.sha}}", head)),
        app,
        connected,
        inputs.hostToken,
      ),
      settings: makingOf(app, previews),
      reseed: inputs.reseed,
    },
    {
      ...{ repository, first, pulls, clock, logger, manifests, kustomizations },
      loadTemplate: await templateOf(
        app,
        { number: request.number, previews: repository, into: previews.folder, base },
        connected,
      ),
      builder: builderOf(surroundings),
      templates: await createTemplates(),
    },
  );
  const access = accessTo(app, connected, inputs.hostToken);
  const { afterUp } = await import("./preview-after-up.ts");
  const after = await afterUp({ known, request, result, repository, access, connected, patience });
  return upOutcome(result, { ...request, isOfEvent: asked, ...after }, repository, connected);
}

/**
 * @param mode `close`: an event says so, or it is told that the pull request is closed; `command`: somebody wants it gone
 * @param at when somebody asked for it; undefined: as the job's event says, and else now
 */
export async function down(
  inputs: InputsOf<typeof downCommand> & { app: AppName; mode: "close" | "command" },
  connected: Connected,
  at?: EventTime,
): Promise<Outcome> {
  const { surroundings } = connected;
  const { pipeline, previews, repository, first } = await openPreviews(connected);
  // One that the config does not declare any more can go as well.
  const app = pipeline.apps.get(inputs.app);
  const { clock, logger } = surroundings;
  if (app === undefined && !(await isThere(inputs.app, first ?? (await repository.open())))) {
    throw unknownName("app", inputs.app, pipeline.apps.keys(), pipeline.file);
  }
  const request = await requestOf(inputs, connected);
  const pulls = app === undefined ? undefined : pullsOf(app, connected, inputs.hostToken);
  const ports = { repository, first, pulls, clock, logger };
  const pull = inputs.number === undefined ? eventOf(request.number, surroundings) : undefined;
  const event = at ?? (pull === undefined ? undefined : timeOfDown(pull));
  if (inputs.mode === "close" && event === undefined && pulls === undefined) throw noForge(inputs.app, app?.repository);
  // Where the label was taken off it goes down, though the pull request is open.
  const isUnlabelled = pull?.label === previews.label && !pull.labels.includes(previews.label);
  const because = inputs.mode === "command" || isUnlabelled ? "command" : "closed";
  const result = await previewDown({ ...request, event, because }, ports);
  const told = { ...request, state: result.state };
  const degraded =
    app === undefined
      ? []
      : await tell({ app, pipeline, previews }, told, repository, accessTo(app, connected, inputs.hostToken));
  const isOfEvent = pull !== undefined;
  return downOutcome(result, { ...request, isOfEvent, degraded }, repository, connected);
}

async function isThere(app: AppName, tip: Snapshot): Promise<boolean> {
  const { previews, tombstones } = await readPreviews(tip, app);
  return previews.length + tombstones.length > 0;
}

export async function extend(inputs: InputsOf<typeof extendCommand>, connected: Connected): Promise<Outcome> {
  const { surroundings } = connected;
  const { repository, first } = await previewed(connected, inputs.app);
  const { clock, logger } = surroundings;
  const request = await requestOf(inputs, connected);
  const result = await extendPreview({ ...request, by: duration(inputs.by) }, { repository, first, clock, logger });
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
    cost: costOf(repository.cost(), surroundings),
  });
}

export async function list(inputs: InputsOf<typeof listCommand>, connected: Connected): Promise<Outcome> {
  const { repository, first } = await openPreviews(connected);
  const { previews } = await readPreviews(first ?? (await repository.open()), inputs.app);
  return page({
    schema: "glu.previews.v1",
    result: "listed",
    tone: "ok",
    headline: previews.length === 0 ? "there are no previews" : count(previews.length, "preview"),
    ...tableOf(previews, connected.surroundings.clock.now()),
    data: { previews: previews.map(previewData) },
    cost: costOf(repository.cost(), connected.surroundings),
  });
}
