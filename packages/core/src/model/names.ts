import { UserError } from "../errors.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A deployable unit: `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`. */
export type AppName = Branded<"AppName">;
/** A place an app runs in; the same alphabet as {@link AppName}. */
export type EnvName = Branded<"EnvName">;
/** A Git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits. */
export type Sha = Branded<"Sha">;
/** `sha256:` and 64 lower-case hex digits. */
export type Digest = Branded<"Digest">;
/** `<committer time, UTC, yyyymmddthhmmssz>-<first 12 hex digits of the digest>`. */
export type ArtifactId = Branded<"ArtifactId">;
/** SHA-256 in hex, or what a person gave as `--request-id`. */
export type RequestId = Branded<"RequestId">;
/** A full ref such as `refs/heads/main`, valid by git-check-ref-format(1). */
export type RefName = Branded<"RefName">;
/** A path inside a repository: relative, `/`-separated, normalised, never through `.git`. */
export type RepoPath = Branded<"RepoPath">;
/** A point in time as RFC 3339 in UTC, e.g. `2026-11-21T07:00:00.000Z`. */
export type Timestamp = Branded<"Timestamp">;

/** What names of apps and environments, and keys of images, look like. */
export const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const nameFix = "Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last.";

function parser<T extends string>(code: string, what: string, pattern: RegExp, fix: string) {
  return (value: string): T => {
    if (!pattern.test(value)) {
      throw new UserError(code, `${JSON.stringify(value)} is not ${what}.`, { seen: value, fix });
    }
    return value as T;
  };
}

export const appName = parser<AppName>("input/app-name", "an app's name", namePattern, nameFix);
export const envName = parser<EnvName>("input/environment-name", "an environment's name", namePattern, nameFix);
export const sha = parser<Sha>(
  "input/sha",
  "a commit id",
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
  "Give all 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.",
);
export const digest = parser<Digest>(
  "input/digest",
  "a digest",
  /^sha256:[0-9a-f]{64}$/,
  "A digest is 'sha256:' and 64 lower-case hex digits.",
);
export const artifactId = parser<ArtifactId>(
  "input/artifact-id",
  "an artifact's id",
  /^\d{8}t\d{6}z-[0-9a-f]{12}$/,
  "An id looks like 20261121t070000z-0123456789ab; 'glu artifact list' shows them.",
);
export const requestId = parser<RequestId>(
  "input/request-id",
  "a request id",
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  "Use up to 128 letters, digits, '.', '_' and '-', beginning with a letter or digit.",
);

// Rules of git-check-ref-format(1), for full refs.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const badRef = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|\.$|\/$|\.\/|^\.|^-/;

/** A branch name or a full ref, as a full ref: `main` is `refs/heads/main`. */
export function refName(value: string): RefName {
  const full = value.startsWith("refs/") ? value : `refs/heads/${value}`;
  if (value === "" || value.startsWith("-") || value === "@" || badRef.test(full)) {
    throw new UserError("input/ref", `${JSON.stringify(value)} is not a branch or ref.`, {
      seen: value,
      fix: "Give a branch such as main, or a full ref such as refs/heads/main.",
    });
  }
  return full as RefName;
}

/** `refs/heads/main` → `main`; other refs as they are. */
export function shortRef(ref: RefName): string {
  return ref.replace(/^refs\/heads\//, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const badPath = /[\u0000-\u001f\u007f\\]/;

/**
 * A path inside the repository. Refuses what could leave it or reach into Git's own files, also on file systems that
 * fold case (`.GIT`) or drop trailing dots and spaces, and names that a command could take for an option.
 */
export function repoPath(value: string): RepoPath {
  const refuse = (why: string): never => {
    throw new UserError("input/path", `${JSON.stringify(value)} is not a path inside the repository: ${why}.`, {
      seen: value,
      fix: "Give a path relative to the repository's root, such as apps/frontend/values.yaml.",
    });
  };
  const path = value.replace(/^(?:\.\/)+/, "");
  if (path === "") refuse("it is empty");
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) refuse("it is absolute");
  if (badPath.test(path)) refuse("it has a control character or a backslash");
  if (path.length > 4096) refuse("it is longer than 4096 characters");
  // A config may have tens of thousands of paths; hardly any has a part of which more must be known.
  if (/(?:^|\/)(?:[./-]|git~|$)/i.test(path)) for (const part of path.split("/")) refusePart(part, refuse);
  return path as RepoPath;
}

function refusePart(part: string, refuse: (why: string) => never): void {
  if (part === "" || part === ".") refuse("it has an empty or '.' part");
  if (part === "..") refuse("'..' leaves the repository");
  if (/^\.git[. ]*$/i.test(part) || /^git~\d+$/i.test(part)) refuse("it reaches into .git");
  if (part.startsWith("-")) refuse("a part starts with '-'");
}

/** Milliseconds since the epoch as a {@link Timestamp}. */
export function timestamp(milliseconds: number): Timestamp {
  return new Date(milliseconds).toISOString() as Timestamp;
}

/** A {@link Timestamp} as milliseconds since the epoch. A day that is not in the calendar is no time. */
export function instant(value: string): number {
  const milliseconds = Date.parse(value);
  // `Date.parse` takes 30 February for 2 March.
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})T/.exec(value) ?? [];
  const inCalendar =
    day === "" || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isNaN(milliseconds) || !inCalendar) {
    throw new UserError("input/time", `${JSON.stringify(value)} is not a time.`, {
      seen: value,
      fix: "Give RFC 3339, such as 2026-11-21T07:00:00Z.",
    });
  }
  return milliseconds;
}
