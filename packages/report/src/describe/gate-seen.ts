import type { GateResult } from "@glu/core";
import { clip } from "../clip.ts";
import { type Line, type Span, strong } from "../document.ts";

/** Longer texts are cut in a cell; JSON has them whole. */
export const cellLength = 300;

/** What a gate saw, which leads to the page of it where there is one. */
export function seenBy({ seen, url }: Pick<GateResult, "seen" | "url">): Span {
  const text = clip(seen, cellLength);
  return url === undefined ? text : { kind: "link", text, href: url, spelled: true };
}

/** A gate's name and what it saw. */
export function gateSeen(gate: GateResult): Line {
  return [strong(clip(gate.name, 60)), " ", seenBy(gate)];
}
