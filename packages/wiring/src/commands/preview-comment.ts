import {
  type AppName,
  type Clock,
  type Comments,
  type ConfigRepository,
  expiryOf,
  type Logger,
  type Pipeline,
  readPreviews,
  timestamp,
  untilItStands,
} from "@glu/core";
import { type PreviewRow, readHealth, renderPreviews, type SeenHealth } from "@glu/report/previews";

/** What the comment on a pull request is made of. */
export interface CommentOf {
  number: number;
  /** `owner/name` of the pull request's repository; undefined: the config repository. */
  source: string | undefined;
  /** Where previews live. */
  repository: Pick<ConfigRepository, "open">;
  pipeline: Pipeline;
  /** What this run saw: of others it says what the comment says already. */
  seen: { app: string; head: string; health: SeenHealth } | undefined;
}

/**
 * The one comment on a pull request that says where its previews are, of all apps of its repository: made of what stands in
 * Git, so that of two jobs at the same moment each says all.
 * @param atOnce others may write it at the same moment: it is looked at again, which takes seconds
 */
export async function commentOnPull(
  of: CommentOf,
  comments: Comments,
  flavor: Parameters<typeof renderPreviews>[1],
  { clock, logger, atOnce }: { clock: Clock; logger: Logger; atOnce: boolean },
): Promise<void> {
  const write = () => writeOnce(comments, of, flavor);
  if ((await write()) && atOnce) await untilItStands([write], { clock, logger });
}

async function writeOnce(
  comments: Comments,
  { number, source, repository, pipeline, seen }: CommentOf,
  flavor: Parameters<typeof renderPreviews>[1],
): Promise<boolean> {
  const { previews, tombstones } = await readPreviews(await repository.open());
  const isOurs = (one: { app: string; number: number }) =>
    one.number === number && pipeline.apps.get(one.app as AppName)?.repository === source;
  const there = previews.filter(isOurs);
  const gone = tombstones.filter(isOurs).map((tombstone): PreviewRow => ({ kind: "gone", tombstone }));
  // One that never had a preview is told nothing of that.
  const { written } = await comments.write(number, "previews", (said) => {
    if (there.length === 0 && said.length === 0) return undefined;
    const rows = there.map((preview): PreviewRow => {
      const isSeen = seen?.app === preview.app && seen.head === preview.head;
      const health = isSeen ? seen.health : readHealth(said, preview);
      return { kind: "there", preview, expiresAt: timestamp(expiryOf(preview).at), health };
    });
    return renderPreviews([...rows, ...gone], flavor);
  });
  return written;
}
