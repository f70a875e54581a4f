import type { TrailerBlock } from "../records/trailers.ts";
import { previewKey } from "./names.ts";
import type { PreviewRequest } from "./options.ts";

/** The trailers of a commit about a preview: where a release has its environment stands the pull request. */
export function trailerOf(
  { request, actor, ...asked }: PreviewRequest,
  kind: "preview-up" | "preview-down",
  { app, number }: { app: string; number: number } = asked,
): TrailerBlock {
  return { request, app, environment: previewKey(number), kind, actor: actor.name };
}
