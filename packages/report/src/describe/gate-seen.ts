import type { GateResult } from "@glu/core";
import { clip } from "../clip.ts";
import { type Line, strong } from "../document.ts";

/** Longer texts are cut in a cell; JSON has them whole. */
export const cellLength = 300;

/** A gate's name and what it saw, which leads to the page of it where there is one. */
export function gateSeen({ name, seen, url }: GateResult): Line {
  const text = clip(seen, cellLength);
  const said: Line = url === undefined ? [` ${text}`] : [" ", { kind: "link", text, href: url, spelled: true }];
  return [strong(clip(name, 60)), ...said];
}
