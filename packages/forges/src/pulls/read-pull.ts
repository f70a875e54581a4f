import { type Ending, instant, type Pull } from "@glu/core";
import { mappingOf, textOf, timeOf } from "../json.ts";

/** What an answer says of a pull request, by the forge's own names. */
export interface ToldPull {
  number: unknown;
  /** Undefined: its state is none that is known. */
  isOpen: boolean | undefined;
  head: unknown;
  updatedAt: unknown;
  closedAt: unknown;
  author: unknown;
  branch: unknown;
  base: unknown;
  fromFork: boolean;
  /** Names, or objects with a name. */
  labels: unknown;
  /** Of a closed one. */
  ending: { merged: boolean; by: unknown; hasConflicts?: boolean };
}

/** The users that the token of a job is, on GitHub, Gitea and Forgejo. */
const jobTokens = new Set(["github-actions[bot]", "gitea-actions", "forgejo-actions"]);

/** Undefined for what is no pull request, or does not say how it stands and since when: nothing is made up. */
export function readPull(told: ToldPull): Pull | undefined {
  const { number, isOpen, head, updatedAt, closedAt, author, branch, base, fromFork, labels, ending } = told;
  const changed = millisecondsOf(updatedAt);
  if (typeof number !== "number" || isOpen === undefined || changed === undefined) return undefined;
  return {
    number,
    isOpen,
    head: textOf(head) ?? "",
    updatedAt: changed,
    // One that was opened again may still tell of the close before.
    closedAt: isOpen ? undefined : millisecondsOf(closedAt),
    author: textOf(author),
    branch: textOf(branch) || undefined,
    base: textOf(base) || undefined,
    fromFork,
    labels: namesOf(labels),
    ...(isOpen ? {} : { ending: endingOf(ending) }),
  };
}

function endingOf({ merged, by, hasConflicts = false }: ToldPull["ending"]): Ending {
  const login = textOf(by) || undefined;
  return {
    merged,
    ...(login === undefined ? {} : { by: login }),
    ...(login !== undefined && jobTokens.has(login) ? { byJobToken: true } : {}),
    ...(hasConflicts ? { hasConflicts } : {}),
  };
}

function millisecondsOf(value: unknown): number | undefined {
  const time = timeOf(value);
  return time === undefined ? undefined : instant(time);
}

function namesOf(labels: unknown): string[] {
  return Array.isArray(labels) ? labels.flatMap((one) => textOf(one) ?? textOf(mappingOf(one).name) ?? []) : [];
}
