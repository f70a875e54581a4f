import { GluError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Commented, MergedPull } from "../ports/comments.ts";
import { versionLabel } from "../promote/release.ts";
import type { Arrival } from "./arrivals.ts";
import type { AnnouncePorts, Audience } from "./audience.ts";
import type { Again } from "./until-it-stands.ts";
import { commentOf, type Row, readRows, withArrival, withNext } from "./where-it-runs.ts";

/** Source commits whose pull requests are looked for: those of a change that came along beyond them are told nothing. */
export const mostLookedAt = 20;

const key = "where-it-runs";

/**
 * Tells the pull requests by which a release's changes came where they run now: of the source commit, and of those
 * between it and what ran before. Those of what went out again, by a release of something older, are told that.
 * @param written gets what was written, to look at again
 */
export async function commentOn(
  arrival: Arrival,
  { audience, page, written }: { audience: Audience; page: string | undefined; written: Again[] },
  { text, audiences, logger }: Pick<AnnouncePorts, "text" | "audiences" | "logger">,
): Promise<{ what: string; url: string | undefined }[]> {
  const { app, environment, release, previous, commit, repository } = arrival;
  const { comments } = audience;
  const { artifact, releasedAt } = release;
  const before = previous?.artifact;
  const version = versionLabel(artifact);
  const { came, went } = await changes(before, artifact, comments.between);
  const config = commit === undefined ? undefined : audiences.config(repository);
  const place = { app: app.name, environment: environment.name };

  async function write(number: number, change: (rows: Row[]) => Row[]): Promise<string | undefined> {
    const once = (): Promise<Commented> =>
      comments.write(number, key, (said) => {
        const rows = change(readRows(said));
        if (rows.length === 0) return undefined;
        const { body, left } = commentOf(rows, text);
        if (left > 0)
          logger.notice(`The comment on ${audience.repository}#${number} is full: ${left} older rows were left out.`);
        return body;
      });
    const done = await once();
    if (done.written) written.push(async () => (await once()).written);
    return done.url;
  }

  const told: { what: string; url: string | undefined }[] = [];
  const arrived = await pullsOf(came, comments.pullsOf);
  for (const { number, mergedAt } of arrived) {
    const row: Row = {
      ...place,
      version,
      request: release.request,
      mergedAt,
      releasedAt,
      ...(config !== undefined && commit !== undefined && "repository" in config
        ? { commit: config.commitPage(commit) }
        : {}),
      ...(page === undefined ? {} : { page }),
    };
    const url = await write(number, (rows) => withArrival(rows, row));
    told.push({ what: `comment on ${audience.repository}#${number}`, url });
  }
  // Those of the release before, which has something after it now.
  const kind = went.length > 0 ? "rolled-back" : "overtaken";
  const past = kind === "rolled-back" ? went : before === undefined || came.length === 0 ? [] : [before.version.sha];
  const next = { version, at: releasedAt, kind, request: release.request } as const;
  for (const { number } of await pullsOf(past, comments.pullsOf)) {
    if (arrived.some((one) => one.number === number)) continue;
    await write(number, (rows) => {
      const changed = withNext(rows, place, next);
      // One that was never told where it runs is not told that it no longer does.
      return rows.length === 0 ? [] : changed;
    });
  }
  if (told.length === 0) logger.progress(`${app.name} ${version} came by no pull request of ${audience.repository}`);
  return told;
}

/** The source commits that came, and those that went out, when one artifact took the place of another. */
async function changes(
  before: Artifact | undefined,
  after: Artifact,
  between: Audience["comments"]["between"],
): Promise<{ came: string[]; went: string[] }> {
  const [from, to] = [before?.version, after.version];
  const isComparable = from?.repositoryName.toLowerCase() === to.repositoryName.toLowerCase();
  if (from === undefined || !isComparable || from.sha === to.sha) return { came: [to.sha], went: [] };
  try {
    const { commits } = await between(from.sha, to.sha);
    if (commits.length > 0) return { came: bounded([to.sha, ...commits]), went: [] };
    const { commits: back } = await between(to.sha, from.sha);
    // What was there before stays told; a change that is still in it never left.
    return { came: [to.sha], went: bounded([from.sha, ...back]) };
  } catch (error) {
    // History that was rewritten: the commit itself is known all the same.
    if (error instanceof GluError && error.code === "comment/not-found") return { came: [to.sha], went: [] };
    throw error;
  }
}

const bounded = (commits: readonly string[]): string[] => [...new Set(commits)].slice(0, mostLookedAt);

async function pullsOf(commits: readonly string[], of: Audience["comments"]["pullsOf"]): Promise<MergedPull[]> {
  const found = new Map<number, MergedPull>();
  for (const commit of commits) for (const pull of await of(commit)) found.set(pull.number, pull);
  return [...found.values()].sort((a, b) => a.number - b.number);
}
