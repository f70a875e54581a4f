import { type CiContext, type SourceCommit, type SourceRepository, UserError } from "@glu/core";
import { type Command, camelCase } from "@glu/inputs";

/** The text without the secrets of this run, in any form in which they turn up; unchanged when it has none. */
export type Redact = (text: string) => string;

/**
 * Refuses a value that holds a secret of this run. What is given is written into commits, records and artifacts, where
 * it would stand for good: the log's redaction does not reach them. The value is not repeated.
 * @param name the input that it comes from
 * @throws UserError `input/secret`
 */
export function refuseSecret(name: string, value: unknown, redact: Redact): void {
  if (!textsIn(value).some((text) => redact(text) !== text)) return;
  throw new UserError("input/secret", `Input "${name}" holds a secret of this job, such as its token.`, {
    fix: "Take it out: it would stand in a commit or an artifact for good. A token is given as token or GLU_TOKEN only.",
  });
}

/** The same for each input of a command that a person gives; those that are made to hold a secret are left out. */
export function refuseSecrets(command: Command, inputs: object, redact: Redact): void {
  const values = new Map(Object.entries(inputs));
  for (const [name, { kind, secret, hidden }] of Object.entries(command.inputs)) {
    // A choice, a flag or a count was parsed into one: there is no room for a secret.
    const free = kind === "text" || kind === "list";
    if (free && !secret && !hidden) refuseSecret(name, values.get(camelCase(name)), redact);
  }
}

/** What the event says of the source commit, as an artifact may keep it: nobody who builds can change its message. */
export function contextWithoutSecrets(context: CiContext, redact: Redact): CiContext {
  return {
    ...context,
    version: textsRedacted(context.version, redact),
    variables: textsRedacted(context.variables, redact),
    actor: textsRedacted(context.actor, redact),
  };
}

/** A commit of somebody else's repository, as an artifact may keep it. Ids and times are as they are: no secret is one. */
export function commitWithoutSecrets(commit: SourceCommit, redact: Redact): SourceCommit {
  const { author, committer, message } = commit;
  return {
    ...commit,
    author: textsRedacted(author, redact),
    committer: textsRedacted(committer, redact),
    message: redact(message),
  };
}

/** A working copy that tells no secret. Ids and times are as they are: no secret is one. */
export function sourceWithoutSecrets(source: SourceRepository, redact: Redact): SourceRepository {
  const line = async (text: Promise<string | undefined>) => {
    const found = await text;
    return found === undefined ? undefined : redact(found);
  };
  const redacted = (commit: SourceCommit): SourceCommit => commitWithoutSecrets(commit, redact);
  return {
    ...source,
    async commit(sha) {
      const found = await source.commit(sha);
      return found === undefined ? undefined : redacted(found);
    },
    async commitsBetween(from, to, limit) {
      const found = await source.commitsBetween(from, to, limit);
      return found === undefined ? undefined : { ...found, commits: found.commits.map(redacted) };
    },
    branch: () => line(source.branch()),
    user: () => line(source.user()),
  };
}

/** The object with its texts redacted; a commit's id stays what it is. */
function textsRedacted<T extends object>(value: T, redact: Redact): T {
  const entries = Object.entries(value).map(([key, field]) => {
    return [key, typeof field === "string" && key !== "sha" ? redact(field) : field];
  });
  return Object.fromEntries(entries) as T;
}

/** All texts in a value, keys too: JSON escapes would hide some from a search in the whole. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [key, ...textsIn(field)]);
}
