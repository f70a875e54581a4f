import type { Item } from "../model/artifact.ts";
import { nameOfPart, type SourcePart } from "../model/source.ts";
import type { SourcePorts } from "../ports/source-ports.ts";
import type { Half, Listed, Pinned } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import { compilePattern } from "./pattern.ts";
import { select } from "./select.ts";
import { wantsPrereleases, whyNone } from "./why-none.ts";

/** A version of one part that counts, and what it is exactly. */
export interface FoundVersion {
  part: SourcePart;
  listed: Listed;
  pinned: Pinned;
}

/** A version that counts and is newer than any that is there as a whole. */
export interface Waiting extends Half {
  version: string;
}

export interface Found {
  /** The newest first. */
  versions: readonly FoundVersion[];
  /** The newest first, and not all of them. */
  waiting: readonly Waiting[];
  /** Why there are no versions. */
  why: string;
}

/** Versions that turn out not to be there as a whole are passed over; so many in a row that there is another reason. */
const mostGone = 20;
/** More of them help nobody. */
const mostWaiting = 3;

/**
 * The newest versions of a part that count and are there as a whole.
 * @param limit at most so many
 */
export async function findVersions(part: SourcePart, limit: number, ports: SourcePorts): Promise<Found> {
  const kind = kindOf(part);
  const match = await compilePattern(part.pattern);
  const all = [...new Map((await kind.list(part, ports)).map((one) => [one.name, one])).values()];
  const counting = all.filter(({ prerelease }) => prerelease !== true || wantsPrereleases(part));
  const listed = new Map(counting.map((one) => [one.name, one]));
  const versions: FoundVersion[] = [];
  const waiting: Waiting[] = [];
  const selected = select([...listed.keys()], part, match);
  let gone = 0;
  for (const name of selected) {
    if (versions.length >= limit || gone >= mostGone) break;
    const one = listed.get(name) ?? { name };
    const found = one.missing === undefined ? await kind.pin(part, one, ports) : { missing: one.missing };
    if ("pinned" in found) versions.push({ part, listed: one, pinned: found.pinned });
    else {
      if (one.missing === undefined) gone++;
      if (versions.length === 0 && waiting.length < mostWaiting) waiting.push({ version: name, ...found });
    }
  }
  if (part.order.kind === "name") return { versions, waiting: [], why: whyNotThere(part.order.name, waiting) };
  const why = selected.length === 0 ? whyNone(all, part, match) : `none of ${selected.length} that count is whole`;
  return { versions, waiting, why };
}

/** A name that moves is there or not: nothing waits for it. */
function whyNotThere(name: string, [waiting]: readonly Waiting[]): string {
  return waiting === undefined ? `there is no ${name}` : `there is no ${name} of ${waiting.missing.join(" and ")}`;
}

/** How an artifact tells what it was made of: an item for each part, by which it is known again. */
export function sourceItems(versions: readonly FoundVersion[]): Item[] {
  return versions.map(({ part, listed, pinned }, at) => ({
    name: at === 0 ? "source" : `source-${at + 1}`,
    kind: part.kind,
    from: nameOfPart(part),
    version: listed.name,
    is: { ...pinned },
  }));
}
