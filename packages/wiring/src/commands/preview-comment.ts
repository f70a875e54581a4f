import {
  type AppName,
  type Comments,
  type ConfigRepository,
  expiryOf,
  GluError,
  type Pipeline,
  type Preview,
  readPreviews,
  timestamp,
  untilItStands,
} from "@glu/core";
import { createComments } from "@glu/forges";
import { type PreviewRow, renderPreviews } from "@glu/report/previews";
import { askingAt, type ForgeAccess, placeOf } from "../forge-outside.ts";

/** What tells is not waited for as long as what decides: the preview is there. */
const patience = { limits: { attempts: 3, base: 500, longest: 10_000 }, timeout: 10_000 };

export interface Telling {
  number: number;
  /** `owner/name` of the pull request's repository; undefined: the config repository. */
  source: string | undefined;
  /** Where previews live. */
  repository: Pick<ConfigRepository, "open">;
  pipeline: Pipeline;
  access: ForgeAccess;
  /** Others may write it at the same moment: it is looked at again, which takes seconds. */
  atOnce: boolean;
}

/**
 * The one comment on a pull request that says where its previews are, of all apps of its repository: made of what stands in
 * Git, so that of two jobs at the same moment each says all. What goes wrong is told, and undoes nothing.
 * @returns what went wrong; undefined: nothing, or no forge is known
 */
export async function tellPull(telling: Telling): Promise<string | undefined> {
  const { access, source, number } = telling;
  const place = placeOf(access, access.location);
  const at =
    source === undefined || place === undefined
      ? access.location
      : `${place.serverUrl.replace(/\/+$/, "")}/${source}.git`;
  const asking = askingAt(access, at);
  if (place === undefined || !asking?.token) return undefined;
  const comments = createComments({ ...asking, ...patience });
  const { clock, logger } = access.surroundings;
  try {
    const write = () => writeOnce(comments, telling, place.forge);
    if ((await write()) && telling.atOnce) await untilItStands([write], { clock, logger });
    return undefined;
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return `The comment on #${number} could not be written: ${error.message}${error.fix === undefined ? "" : ` ${error.fix}`}`;
  }
}

async function writeOnce(
  comments: Comments,
  { number, source, repository, pipeline }: Telling,
  flavor: Parameters<typeof renderPreviews>[1],
): Promise<boolean> {
  const { previews, tombstones } = await readPreviews(await repository.open());
  const isOurs = (one: { app: string; number: number }) =>
    one.number === number && pipeline.apps.get(one.app as AppName)?.repository === source;
  const there = previews.filter(isOurs).map((preview: Preview): PreviewRow => {
    return { kind: "there", preview, expiresAt: timestamp(expiryOf(preview).at) };
  });
  const gone = tombstones.filter(isOurs).map((tombstone): PreviewRow => ({ kind: "gone", tombstone }));
  const text = renderPreviews([...there, ...gone], flavor);
  // One that never had a preview is told nothing of that.
  const { written } = await comments.write(number, "previews", (said) =>
    there.length === 0 && said.length === 0 ? undefined : text,
  );
  return written;
}
