import { compareArtifacts } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import { GluError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Decision } from "../model/decision.ts";
import type { AppName } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import type { ArtifactReader } from "../select/artifact-reader.ts";

/** Commits that are told of one change. */
export const mostCommits = 20;
/** Changes of which the commits are told in one run. */
export const mostChanges = 20;

/** A commit of an app's source repository. Its texts are whoever wrote it's. */
export interface ComingCommit {
  sha: string;
  /** The first line of its message. */
  subject: string;
  author: string | undefined;
  /** Committer time, RFC 3339; undefined where it is not known. */
  committedAt: string | undefined;
}

/** What comes along when one artifact takes the place of another: the way between their commits. */
export interface SourceChange {
  app: AppName;
  from: Artifact;
  to: Artifact;
  /** Newest first, at most {@link mostCommits}; none when it goes back. */
  commits: ComingCommit[];
  /** How many more there are. */
  left: number;
  /** `history`: the working copy told them all. `artifacts`: only those that artifacts were built from are known. */
  known: "history" | "artifacts";
}

export interface SourceChangesOptions {
  reader: ArtifactReader;
  ancestry: AncestryReader;
  source: SourceRepository | undefined;
  apps: ReadonlyMap<AppName, App>;
  /** Artifacts between may be asked for; else only what this run has read is told. */
  ask: boolean;
}

/**
 * The source commits that come along with decisions, each pair of artifacts once. What cannot be read is left out: it
 * stands in the way of no decision.
 */
export async function sourceChanges(
  decisions: readonly Decision[],
  options: SourceChangesOptions,
): Promise<SourceChange[]> {
  const pairs = new Map<string, Pick<SourceChange, "app" | "from" | "to">>();
  for (const { intent, previous, repeated } of decisions) {
    const [from, to] = [previous?.artifact, intent.artifact];
    if (repeated || from === undefined || !isChange(from, to)) continue;
    pairs.set(`${intent.app} ${from.id} ${to.id}`, { app: intent.app, from, to });
  }
  return changesBetween([...pairs.values()], options);
}

/** The same of pairs of artifacts; those that no commits lie between are left out. */
export async function changesBetween(
  pairs: readonly Pick<SourceChange, "app" | "from" | "to">[],
  options: SourceChangesOptions,
): Promise<SourceChange[]> {
  const changes: SourceChange[] = [];
  for (const pair of pairs.filter(({ from, to }) => isChange(from, to)).slice(0, mostChanges)) {
    changes.push({ ...pair, ...(await commitsOf(pair, options)) });
  }
  return changes;
}

const isChange = (one: Artifact, other: Artifact): boolean => {
  const [from, to] = [one.version, other.version];
  const isOfOneRepository = from.repositoryName.toLowerCase() === to.repositoryName.toLowerCase();
  return from.sha !== to.sha && isOfOneRepository && hasCommit(one) && hasCommit(other);
};

/** An image or chart that does not say what it was built of is known by its digest alone. */
const hasCommit = ({ version: { sha }, items }: Artifact): boolean =>
  !items.some(({ is }) => typeof is === "object" && is !== null && Object.values(is).includes(`sha256:${sha}`));

async function commitsOf(
  { app, from, to }: Pick<SourceChange, "app" | "from" | "to">,
  { reader, ancestry, source, apps, ask }: SourceChangesOptions,
): Promise<Pick<SourceChange, "commits" | "left" | "known">> {
  const told = await unlessUnreadable(source?.commitsBetween(from.version.sha, to.version.sha, mostCommits));
  if (told !== undefined) {
    const commits = told.commits.map(({ sha, message, author, committedAt }) => {
      return { sha, subject: firstLine(message), author: author.name || undefined, committedAt };
    });
    return { commits, left: told.total - commits.length, known: "history" };
  }
  const standing = compareArtifacts(to, from, ancestry.ask).kind;
  if (standing === "older") return { commits: [], left: 0, known: "artifacts" };
  const declared = apps.get(app);
  const between =
    declared === undefined
      ? []
      : await unlessUnreadable(reader.between(declared, from, to, { ask })).then((all) => all ?? []);
  const way = between.filter((one) => {
    const isAfter = compareArtifacts(one, from, ancestry.ask).kind === "newer";
    return isChange(from, one) && isAfter && compareArtifacts(one, to, ancestry.ask).kind === "older";
  });
  const built = new Map([to, ...way].map((artifact) => [artifact.version.sha, commitOf(artifact)]));
  const commits = [...built.values()];
  return {
    commits: commits.slice(0, mostCommits),
    left: Math.max(0, commits.length - mostCommits),
    known: "artifacts",
  };
}

function commitOf({ version, committedAt }: Artifact): ComingCommit {
  return { sha: version.sha, subject: firstLine(version.message ?? ""), author: version.authorName, committedAt };
}

const firstLine = (message: string): string => message.split("\n", 1)[0] ?? "";

async function unlessUnreadable<T>(reading: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof GluError) return undefined;
    throw error;
  }
}
