import { createHash } from "node:crypto";
import type { Bytes } from "../../ports/config-repository.ts";
import type { PreviewSettings, PreviewTemplate } from "../options.ts";
import { encode } from "./fill.ts";

export const sha256 = (content: Bytes): string => createHash("sha256").update(content).digest("hex");

/**
 * One hash of all that decides what becomes of a pull request: the files of its template with their names, what is
 * different for it, what they take from elsewhere, the app's manifest, and what is made of them by which program.
 */
export function templateHash(
  { files, overrides, manifest }: PreviewTemplate,
  elsewhere: ReadonlyMap<string, Bytes>,
  { render, chart }: Pick<PreviewSettings, "render" | "chart">,
): string {
  const hash = createHash("sha256");
  const add = (section: string, contents: ReadonlyMap<string, Bytes>) => {
    for (const [path, content] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${section}${path}\0${content.length}\0`).update(content);
    }
  };
  add("", files);
  // No path begins with NUL: nothing of the one can pass for something of the other.
  add("\0override\0", overrides?.files ?? new Map());
  add("\0elsewhere\0", elsewhere);
  const said = { ...(manifest === undefined ? {} : { manifest: manifest.manifest }), render, chart };
  const text = JSON.stringify(said);
  if (text !== "{}") add("\0", new Map([["said", encode(text)]]));
  return hash.digest("hex");
}
