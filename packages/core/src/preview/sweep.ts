import { type AppName, instant, timestamp } from "../model/names.ts";
import { type Preview, type Tombstone, tombstonePath } from "../model/preview.ts";
import type { Change, Snapshot } from "../ports/config-repository.ts";
import type { OpenPulls, Pull } from "../ports/pulls.ts";
import { commitMessage } from "../records/trailers.ts";
import { type Attempt, transact } from "../transact.ts";
import { expiryOf } from "./expiry.ts";
import { missingFiles } from "./missing.ts";
import { previewKey } from "./names.ts";
import type { PreviewPorts, PreviewRequest } from "./options.ts";
import { type AllPreviews, readAll } from "./state.ts";
import { asOf, placeOf, takeDown } from "./take-down.ts";
import { trailerOf } from "./trailer.ts";

export interface SweepRequest extends Omit<PreviewRequest, "app" | "number"> {
  /** Those of these apps, whose pull requests `pulls` knows: one repository may have several apps. */
  apps: readonly AppName[];
  /** Take down also more at once than a sweep trusts itself to. */
  force: boolean;
}

/** One that goes, and what should have taken it down before. */
export interface Swept {
  preview: Preview;
  because: "orphan" | "idle" | "too-old";
  /** In words, for people. */
  cause: string;
}

export interface SweepResult {
  state: "swept" | "unchanged" | "refused";
  refusal: { code: string; seen: string; fix: string } | undefined;
  commit: string | undefined;
  swept: readonly Swept[];
  /** Previews of open pull requests whose files are not as they were written: they are to be brought up again. */
  missing: readonly Preview[];
  /** Tombstones that were kept long enough. */
  forgotten: number;
  kept: number;
}

/** `pulls` undefined: the config declares these apps no more, and nothing brings their previews up to date or down. */
type SweepPorts = Pick<PreviewPorts, "repository" | "clock" | "logger" | "pulls">;

/** How long a tombstone is kept: no job is run again after so long. Milliseconds. */
const tombstoneAge = 45 * 86_400_000;
/** A sweep that would take down more than so many, and more than such a part, does nothing. */
const brake = { most: 3, part: 0.2 };

/**
 * Takes down what nobody needs any more: of pull requests that are closed, idle for too long, too old. Closing takes a
 * preview down by itself; but an event may be lost, and one that a merge by the built-in token would send never is.
 * So that a fault of the forge takes nothing down, it refuses when it cannot know all open pull requests, when there is
 * none, and when too many would go at once.
 */
export async function sweepPreviews(request: SweepRequest, ports: SweepPorts): Promise<SweepResult> {
  const { repository, clock, logger } = ports;
  return transact({ repository, clock, logger }, (tip) => attempt(request, tip, ports));
}

async function attempt(
  request: SweepRequest,
  tip: Snapshot,
  { pulls, clock }: SweepPorts,
): Promise<Attempt<SweepResult>> {
  const all = ofApps(await readAll(tip), request.apps);
  const now = clock.now();
  const open = all.previews.length === 0 ? undefined : await pulls?.open();
  const refusal = open === undefined ? undefined : distrust(open);
  if (refusal !== undefined) return refuse(refusal, all);
  const swept: (Swept & { clock: number })[] = [];
  const byNumber = new Map((open?.pulls ?? []).map((pull) => [pull.number, pull]));
  for (const preview of all.previews) {
    const due = pulls === undefined ? undeclared(preview) : await dueOf(preview, byNumber, { pulls, now });
    if (due !== undefined) swept.push(due);
  }
  const most = Math.max(brake.most, Math.floor(all.previews.length * brake.part));
  if (swept.length > most && !request.force) {
    const seen = `${swept.length} of ${all.previews.length} previews would go, at most ${most} may at once`;
    return refuse(
      { code: "preview/brake", seen, fix: "Look with --plan whether that is right, then give --force." },
      all,
    );
  }
  const going = new Set(swept.map(({ preview }) => preview));
  const staying = all.previews.filter((one) => !going.has(one));
  const missing = await missingFiles(staying, tip);
  const old = all.tombstones.filter(({ at }) => now - instant(at) > tombstoneAge);
  const result = { refusal: undefined, swept, missing, forgotten: old.length, kept: staying.length };
  if (request.plan || swept.length + old.length === 0) {
    return { commit: undefined, done: () => ({ ...result, state: "unchanged", commit: undefined }) };
  }
  return {
    commit: {
      message: messageOf(request, swept, old),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: [
        ...swept.flatMap(({ preview, because, clock: at }) =>
          takeDown(placeOf(preview), preview, { clock: at, because, now }, request),
        ),
        ...old.map(({ app, number }): Change => ({ path: tombstonePath(app as AppName, number), content: undefined })),
      ],
    },
    done: (commit) => ({ ...result, state: "swept", commit }),
  };
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

function undeclared(preview: Preview): Swept & { clock: number } {
  return {
    preview,
    because: "orphan",
    cause: `the config does not declare ${preview.app} any more`,
    clock: asOf(preview),
  };
}

/** What is gone from the list of open ones is asked for by name: a list may have been made before it was opened. */
async function dueOf(
  preview: Preview,
  open: ReadonlyMap<number, Pull>,
  { pulls, now }: { pulls: NonNullable<PreviewPorts["pulls"]>; now: number },
): Promise<(Swept & { clock: number }) | undefined> {
  const { number } = preview;
  const listed = open.get(number);
  const live = listed ?? (await pulls.find(number));
  if (live === undefined || !live.isOpen) {
    const closedAt = live?.closedAt;
    const cause =
      live === undefined
        ? `#${number} does not exist any more`
        : `the close of #${number}${closedAt === undefined ? "" : ` at ${timestamp(closedAt)}`} took nothing down`;
    return { preview, because: "orphan", cause, clock: Math.max(closedAt ?? 0, asOf(preview)) };
  }
  const expiry = expiryOf(preview);
  if (expiry.at > now) return undefined;
  const cause =
    expiry.because === "idle"
      ? `nothing has happened since ${preview.clock}`
      : `it is there since ${preview.createdAt}`;
  return { preview, because: expiry.because, cause, clock: asOf(preview) };
}

function refuse(refusal: NonNullable<SweepResult["refusal"]>, { previews }: AllPreviews): Attempt<SweepResult> {
  const nothing = { commit: undefined, swept: [], missing: [], forgotten: 0, kept: previews.length };
  return { commit: undefined, done: () => ({ ...nothing, state: "refused", refusal }) };
}

function messageOf(request: SweepRequest, swept: readonly Swept[], old: readonly Tombstone[]): string {
  const [first] = swept;
  const blocks = (swept.length === 0 ? old : swept.map(({ preview }) => preview)).map(({ app, number }) =>
    trailerOf({ ...request, app: app as AppName, number }, "preview-down"),
  );
  const what =
    first === undefined
      ? `Forget ${old.length} closed previews`
      : swept.length === 1
        ? `Take down preview of ${first.preview.app} ${previewKey(first.preview.number)}`
        : `Take down ${swept.length} previews`;
  const body = swept.map(({ preview, cause }) => `${preview.app} ${previewKey(preview.number)}: ${cause}`);
  return commitMessage(what, body, blocks);
}
