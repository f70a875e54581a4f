import type { Preview } from "../model/preview.ts";
import { previewKey } from "./names.ts";

/** Previews in the subject of a commit: one by its name, more by their number. */
export function called(previews: readonly Pick<Preview, "app" | "number">[]): string {
  const [first] = previews;
  return first !== undefined && previews.length === 1
    ? `preview of ${first.app} ${previewKey(first.number)}`
    : `${previews.length} previews`;
}
