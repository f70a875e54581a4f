import { GluError } from "../errors.ts";
import { type AppName, instant, type RepoPath, type RequestId } from "../model/names.ts";
import { type Preview, previewPath } from "../model/preview.ts";
import type { Change, Snapshot } from "../ports/config-repository.ts";
import type { Pull } from "../ports/pulls.ts";
import { encodeDocument } from "../records/documents.ts";
import { mayGoUp } from "./clock.ts";
import type { PreviewPorts, PreviewSettings, PreviewTemplate, UpRequest } from "./options.ts";
import { renderPreview } from "./render.ts";
import { seedOf } from "./seed.ts";
import { trusted } from "./trust.ts";
import { changesTo, recordOf } from "./up.ts";

/** How a preview is rendered again from what was recorded of it. */
export interface BringBackPorts extends Pick<PreviewPorts, "templates" | "manifests" | "kustomizations" | "builder"> {
  settingsOf(app: AppName): PreviewSettings;
  /** The templates of its app, of the branch that its pull request goes into. */
  templateOf(preview: Preview, tip: Snapshot): Promise<PreviewTemplate>;
}

/** A preview of which files were gone or changed, and what became of it. */
export type Missing =
  | { kind: "restored"; preview: Preview }
  /** Something else brings it up to date, or nothing may. */
  | { kind: "left"; preview: Preview; why: string }
  | { kind: "failed"; preview: Preview; error: GluError };

/**
 * Renders a preview again as its record says it was: its commit, its images, and the word of whoever vouched for them, by
 * the decision that brings one up. Its clock stays, so nothing newer is in its way, and its idle time goes on.
 */
export async function bringBack(
  preview: Preview,
  live: Pull | undefined,
  tip: Snapshot,
  ports: BringBackPorts,
): Promise<{ missing: Missing; changes: readonly Change[] }> {
  const left = (why: string) => ({ missing: { kind: "left", preview, why } as const, changes: [] });
  const event = { clock: instant(preview.clock), isOwn: true, head: preview.head };
  const verdict = mayGoUp({ preview, tombstone: undefined }, event, { live, byName: false });
  if (!verdict.may) return left(verdict.seen);
  const trust = trusted(undefined, preview, preview.head);
  if (trust === undefined) return left(`nobody vouches for ${preview.head.slice(0, 7)}`);
  const app = preview.app as AppName;
  const { idle, maxAge } = preview;
  const request: UpRequest = {
    ...{
      app,
      number: preview.number,
      event,
      byName: false,
      trust,
      plan: false,
      reseed: false,
      images: preview.images,
      author: undefined,
    },
    ...{ actor: preview.actor, request: preview.request as RequestId },
    // What was not recorded yet, the forge tells.
    ...{ pullAuthor: preview.author ?? live?.author, branch: preview.branch ?? live?.branch },
    ...{ repository: preview.repository, base: preview.base },
    settings: { ...ports.settingsOf(app), idle, maxAge },
  };
  try {
    const template = await ports.templateOf(preview, tip);
    const seed = seedOf(request, preview, preview.createdAt);
    const rendered = await renderPreview(request, template, ports, seed?.id);
    const next = recordOf(request, {
      ...{ template, rendered, seed, trust, author: request.pullAuthor, clock: event.clock, before: preview },
    });
    const changes = await changesTo(rendered, preview, tip);
    return {
      missing: { kind: "restored", preview: next },
      changes: [
        ...changes.map(({ path, after }): Change => ({ path: path as RepoPath, content: after })),
        { path: previewPath(app, preview.number), content: encodeDocument(next) },
      ],
    };
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return { missing: { kind: "failed", preview, error }, changes: [] };
  }
}
