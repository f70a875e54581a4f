import { clip } from "../clip.ts";
import { type Block, link, type Span } from "../document.ts";
import type { PromotionReport } from "../report.ts";

/** More than these are counted. */
const most = 20;

/** What people were told of the releases, with links, and what could not be told. */
export function toldOnTheForge({ told: announced }: Pick<PromotionReport, "told">): Block[] {
  if (announced === undefined) return [];
  const { told, warnings } = announced;
  const unique = [...new Map(told.map((one) => [`${one.what} ${one.url}`, one])).values()];
  const line = unique.slice(0, most).flatMap(({ what, url }, index): Span[] => {
    return [index === 0 ? "On the forge: " : ", ", link(clip(what, 200), url)];
  });
  if (unique.length > most) line.push(` and ${unique.length - most} more`);
  return [
    ...(line.length === 0 ? [] : [{ kind: "paragraph", muted: true, line } as const]),
    ...warnings.map((text): Block => ({ kind: "notice", tone: "warning", line: [clip(text, 1000)] })),
  ];
}
