import { type AppName, instant } from "../model/names.ts";
import type { Previews } from "../model/pipeline.ts";
import { type Preview, type Tombstone, tombstonePath } from "../model/preview.ts";
import type { Change, Snapshot } from "../ports/config-repository.ts";
import type { OpenPulls, Pull } from "../ports/pulls.ts";
import { commitMessage } from "../records/trailers.ts";
import { type Attempt, transact } from "../transact.ts";
import { type BringBackPorts, bringBack, type Missing } from "./bring-back.ts";
import { called } from "./called.ts";
import { type Due, dueOf, type Swept, undeclared } from "./due.ts";
import { type Lacking, lackingOf } from "./lacking.ts";
import { missingFiles } from "./missing.ts";
import { previewKey } from "./names.ts";
import type { PreviewPorts, PreviewRequest } from "./options.ts";
import { type AllPreviews, readAll } from "./state.ts";
import { placeOf, takeDown } from "./take-down.ts";
import { trailerOf } from "./trailer.ts";

export interface SweepRequest extends Omit<PreviewRequest, "app" | "number"> {
  /** Those of these apps, whose pull requests `pulls` knows: one repository may have several apps. */
  apps: readonly AppName[];
  /** `owner/name` of that repository, where the config names it. */
  repository: string | undefined;
  /** Who asks for one: see `previews` in the config. */
  asking: Pick<Previews, "when" | "label">;
  /** Take down also more at once than a sweep trusts itself to. */
  force: boolean;
}

export interface SweepResult {
  state: "swept" | "unchanged" | "refused";
  refusal: { code: string; seen: string; fix: string } | undefined;
  commit: string | undefined;
  swept: readonly Swept[];
  /** Previews of open pull requests whose files were not as they were written, and what became of each. */
  missing: readonly Missing[];
  /** Open pull requests that ask for a preview of an app and have none, by their app: what should run is not known here. */
  lacking: readonly Lacking[];
  /** Tombstones that were kept long enough. */
  forgotten: number;
  kept: number;
}

/** `pulls` undefined: the config declares these apps no more, and nothing brings their previews up to date or down. */
export interface SweepPorts extends Pick<PreviewPorts, "repository" | "clock" | "logger" | "pulls" | "first"> {
  bringBack: BringBackPorts;
}

/** How long a tombstone is kept: no job is run again after so long. Milliseconds. */
const tombstoneAge = 45 * 86_400_000;
/** A sweep that would take down more than so many, and more than such a part, does nothing. */
const brake = { most: 3, part: 0.2 };

/**
 * Takes down what nobody needs any more: of pull requests that are closed, idle for too long, too old. Closing takes a
 * preview down by itself; but an event may be lost, and one that a merge by the built-in token would send never is.
 * So that a fault of the forge takes nothing down, it refuses when it cannot know all open pull requests, when there is
 * none, and when too many would go at once. What stays and is not as it was written is brought back.
 */
export async function sweepPreviews(request: SweepRequest, ports: SweepPorts): Promise<SweepResult> {
  const { repository, clock, logger, first } = ports;
  return transact({ repository, clock, logger, first }, (tip) => attempt(request, tip, ports));
}

async function attempt(
  request: SweepRequest,
  tip: Snapshot,
  { pulls, clock, bringBack: bringing }: SweepPorts,
): Promise<Attempt<SweepResult>> {
  const all = ofApps(await readAll(tip), request.apps);
  const now = clock.now();
  const open = all.previews.length === 0 ? undefined : await pulls?.open();
  const refusal = open === undefined ? undefined : distrust(open);
  if (refusal !== undefined) return refuse(refusal, all);
  const swept: Due[] = [];
  const most = Math.max(brake.most, Math.floor(all.previews.length * brake.part));
  const byNumber = new Map((open?.pulls ?? []).map((pull) => [pull.number, pull]));
  for (const preview of all.previews) {
    const due = pulls === undefined ? undeclared(preview) : await dueOf(preview, byNumber, { pulls, now, request });
    if (due !== undefined) swept.push(due);
    // What is decided needs no further question.
    if (swept.length > most && !request.force && !request.plan) break;
  }
  if (swept.length > most && !request.force) {
    const seen = `more than ${most} of ${all.previews.length} previews would go at once`;
    const fix = "Look with --plan whether that is right, then give --force.";
    return refuse({ code: "preview/brake", seen, fix }, all, request.plan ? swept : []);
  }
  const going = new Set(swept.map(({ preview }) => preview));
  const staying = all.previews.filter((one) => !going.has(one));
  const { missing, changes } = await backAll(await missingFiles(staying, tip), byNumber, tip, bringing);
  const old = all.tombstones.filter(({ at }) => now - instant(at) > tombstoneAge);
  const lacking = open === undefined ? [] : lackingOf(open.pulls, all, { ...request, now });
  const result = { refusal: undefined, swept, missing, lacking, forgotten: old.length, kept: staying.length };
  if (request.plan || swept.length + old.length + changes.length === 0) {
    return { commit: undefined, done: () => ({ ...result, state: "unchanged", commit: undefined }) };
  }
  const restored = missing.flatMap((one) => (one.kind === "restored" ? [one.preview] : []));
  return {
    commit: {
      message: messageOf(request, { swept, restored, old }),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: [
        ...swept.flatMap(({ preview, because, clock: at }) =>
          takeDown(placeOf(preview), preview, { clock: at, because, now }, request),
        ),
        ...changes,
        ...old.map(({ app, number }): Change => ({ path: tombstonePath(app as AppName, number), content: undefined })),
      ],
    },
    done: (commit) => ({ ...result, state: "swept", commit }),
  };
}

async function backAll(
  previews: readonly Preview[],
  open: ReadonlyMap<number, Pull>,
  tip: Snapshot,
  ports: BringBackPorts,
): Promise<{ missing: Missing[]; changes: Change[] }> {
  const missing: Missing[] = [];
  const changes: Change[] = [];
  for (const preview of previews) {
    const back = await bringBack(preview, open.get(preview.number), tip, ports);
    missing.push(back.missing);
    changes.push(...back.changes);
  }
  return { missing, changes };
}

function ofApps({ previews, tombstones }: AllPreviews, apps: readonly AppName[]): AllPreviews {
  const isOurs = ({ app }: { app: string }) => apps.includes(app as AppName);
  return { previews: previews.filter(isOurs), tombstones: tombstones.filter(isOurs) };
}

function distrust({ complete, pulls }: OpenPulls) {
  const fix = "Run it again later. If that is right, take them down by name: 'glu preview down'.";
  if (!complete) return { code: "preview/brake", seen: "the forge did not tell all open pull requests", fix };
  if (pulls.length === 0) return { code: "preview/brake", seen: "the forge tells no open pull request at all", fix };
  return undefined;
}

function refuse(
  refusal: NonNullable<SweepResult["refusal"]>,
  { previews }: AllPreviews,
  swept: readonly Swept[] = [],
): Attempt<SweepResult> {
  const nothing = { commit: undefined, swept, missing: [], lacking: [], forgotten: 0, kept: previews.length };
  return { commit: undefined, done: () => ({ ...nothing, state: "refused", refusal }) };
}

interface Said {
  swept: readonly Swept[];
  restored: readonly Preview[];
  old: readonly Tombstone[];
}

function messageOf(request: SweepRequest, { swept, restored, old }: Said): string {
  const gone = swept.map(({ preview }) => preview);
  const down = gone.length + restored.length === 0 ? old : gone;
  const trailers = [
    ...down.map((one) => trailerFor(request, one, "preview-down")),
    ...restored.map((one) => trailerFor(request, one, "preview-up")),
  ];
  const what = [
    ...(gone.length === 0 ? [] : [`take down ${called(gone)}`]),
    ...(restored.length === 0 ? [] : [`bring back ${called(restored)}`]),
  ].join(", ");
  const subject = what === "" ? `forget ${old.length} closed previews` : what;
  const body = [
    ...swept.map(({ preview, cause }) => `${preview.app} ${previewKey(preview.number)}: ${cause}`),
    ...restored.map(({ app, number }) => `${app} ${previewKey(number)}: its files were not as they were written`),
  ];
  return commitMessage(`${subject.charAt(0).toUpperCase()}${subject.slice(1)}`, body, trailers);
}

const trailerFor = (
  request: SweepRequest,
  { app, number }: Pick<Preview, "app" | "number">,
  kind: "preview-up" | "preview-down",
) => trailerOf({ ...request, app: app as AppName, number }, kind);
