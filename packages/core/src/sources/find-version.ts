import type { Item } from "../model/artifact.ts";
import { nameOfPart, type SourcePart } from "../model/source.ts";
import type { SourcePorts } from "../ports/source-ports.ts";
import type { Listed, Pinned } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import { compilePattern } from "./pattern.ts";
import { select } from "./select.ts";

/** A version of one part that counts, and what it is exactly. */
export interface FoundVersion {
  part: SourcePart;
  listed: Listed;
  pinned: Pinned;
}

/** Versions that are not there as a whole are passed over; so many in a row that there is another reason. */
const mostIncomplete = 20;

/**
 * The newest versions of a part that count and are there as a whole, the newest first.
 * @param limit at most so many
 */
export async function findVersions(part: SourcePart, limit: number, ports: SourcePorts): Promise<FoundVersion[]> {
  const kind = kindOf(part);
  const match = await compilePattern(part.pattern);
  const listed = new Map((await kind.list(part, ports)).map((one) => [one.name, one]));
  const found: FoundVersion[] = [];
  let missed = 0;
  for (const name of select([...listed.keys()], part, match)) {
    if (found.length >= limit || missed >= mostIncomplete) break;
    const one = listed.get(name) ?? { name };
    const pinned = await kind.pin(part, one, ports);
    if (pinned === undefined) missed++;
    else found.push({ part, listed: one, pinned });
  }
  return found;
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
