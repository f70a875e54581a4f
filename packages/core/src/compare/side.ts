import { UserError } from "../errors.ts";
import type { AppName, Sha, Timestamp } from "../model/names.ts";
import { type Release, recordPath } from "../model/record.ts";
import type { ConfigRepository, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Revision } from "./revision.ts";

/** An environment at a commit of the branch that it lives on. */
export interface Side {
  revision: Revision;
  snapshot: Snapshot;
  commit: Sha;
  committedAt: Timestamp;
}

/** Commits of the branch that are looked through. */
const looked = 5000;

/**
 * The commit at which an environment was as it is asked for.
 * @throws UserError `diff/not-in-history`
 */
export async function sideAt(revision: Revision, target: ConfigRepository): Promise<Side> {
  const tip = await target.open();
  const { at } = revision;
  if (at.kind === "now") return { revision, snapshot: tip, commit: tip.commit, committedAt: tip.committedAt };
  const entries = await tip.log(looked);
  const found = entries.filter((entry) =>
    at.kind === "time" ? Date.parse(entry.committedAt) <= at.time : entry.commit.startsWith(at.commit),
  );
  const [entry] = found;
  if (entry === undefined) throw notInHistory(revision, entries, target);
  if (at.kind === "commit" && found.length > 1) {
    throw new UserError("diff/not-in-history", `${at.commit} begins ${found.length} commits of the branch.`, {
      seen: revision.text,
      fix: "Give more of its digits.",
    });
  }
  const { commit, committedAt } = entry;
  return { revision, snapshot: commit === tip.commit ? tip : await tip.at(commit), commit, committedAt };
}

function notInHistory({ at, text }: Revision, entries: readonly LogEntry[], { branch, location }: ConfigRepository) {
  const oldest = entries.at(-1);
  const reach =
    oldest === undefined ? "" : ` It is told back to ${oldest.commit.slice(0, 7)} of ${oldest.committedAt}.`;
  const what =
    at.kind === "time"
      ? `had no commit yet at ${new Date(at.time).toISOString()}`
      : `has no commit ${at.kind === "commit" ? at.commit : ""} in its line`;
  return new UserError("diff/not-in-history", `The branch ${branch} of ${location} ${what}.${reach}`, {
    seen: text,
    fix: "Give a later time, or a commit that 'git log --first-parent' of the branch shows.",
  });
}

/** What runs of apps at a side; what cannot be read is told. */
export async function releasesAt(
  { revision, snapshot }: Side,
  apps: readonly AppName[],
  tell: (message: string) => void,
): Promise<Map<AppName, Release>> {
  const { environment } = revision;
  const files = await snapshot.read(documentPaths(apps.map((app) => recordPath(app, environment))));
  const running = new Map<AppName, Release>();
  for (const app of apps) {
    const current = ifReadable(
      () => readCurrent(files, app, environment),
      ({ message }) => tell(`${message} (at ${revision.text})`),
    );
    if (current) running.set(app, current);
  }
  return running;
}
