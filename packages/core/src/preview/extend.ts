import { timestamp } from "../model/names.ts";
import { type Preview, previewPath } from "../model/preview.ts";
import { encodeDocument } from "../records/documents.ts";
import { commitMessage } from "../records/trailers.ts";
import { transact } from "../transact.ts";
import { expiryOf } from "./expiry.ts";
import { previewKey } from "./names.ts";
import type { PreviewPorts, PreviewRequest } from "./options.ts";
import { readStanding } from "./state.ts";
import { trailerOf } from "./trailer.ts";

export interface ExtendResult {
  /** `unchanged`: it stays longer than that anyway. `refused`: there is none. */
  state: "extended" | "unchanged" | "refused";
  commit: string | undefined;
  preview: Preview | undefined;
}

/** Lets a preview stay for some time from now, whatever its idle time and maximum age say. @param by milliseconds */
export async function extendPreview(
  request: PreviewRequest & { by: number },
  { repository, clock, logger, first }: Pick<PreviewPorts, "repository" | "clock" | "logger" | "first">,
): Promise<ExtendResult> {
  return transact<ExtendResult>({ repository, clock, logger, first }, async (tip) => {
    const { preview } = await readStanding(tip, request);
    const none = { commit: undefined, preview };
    if (preview === undefined) return { commit: undefined, done: () => ({ ...none, state: "refused" }) };
    const until = clock.now() + request.by;
    const isLonger = until > expiryOf(preview).at;
    if (!isLonger) return { commit: undefined, done: () => ({ ...none, state: "unchanged" }) };
    const kept: Preview = { ...preview, keepUntil: timestamp(until) };
    if (request.plan) return { commit: undefined, done: () => ({ ...none, state: "extended", preview: kept }) };
    const { app, number } = request;
    return {
      commit: {
        message: commitMessage(
          `Keep preview of ${app} ${previewKey(number)} until ${timestamp(until)}`,
          [],
          [trailerOf(request, "preview-up")],
        ),
        ...(request.author === undefined ? {} : { author: request.author }),
        changes: [{ path: previewPath(app, number), content: encodeDocument(kept) }],
      },
      done: (commit) => ({ state: "extended", commit, preview: kept }),
    };
  });
}
