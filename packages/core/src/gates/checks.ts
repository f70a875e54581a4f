import { z } from "zod";
import { timestamp } from "../model/names.ts";
import { matchesGlobs } from "../policy/match.ts";
import type { CommitCheck, RepositoryCommit } from "../ports/checks.ts";
import { ownContexts } from "../ports/checks.ts";
import { type Check, defineGate, type GateSubject, type Look, met, sinceMade, unmet } from "./gate.ts";
import { checked, oneOrMore } from "./option.ts";

const places = ["source", "config"] as const;
type Place = (typeof places)[number];

const pattern = z
  .string()
  .regex(/^!?[^\s!](?:.*\S)?$/, "must be a check's name, or a pattern such as build*")
  .describe("A name as the forge shows it, or a pattern: * stands for anything, and ! leaves out.");

const options = checked(
  z
    .strictObject({
      names: oneOrMore(pattern).describe("The checks that must have succeeded: each name or pattern at least once."),
      on: oneOrMore(z.enum(places))
        .optional()
        .describe(
          "On which commit: source, the artifact's; config, the one of the config branch that is decided on. Default source.",
        ),
    })
    .describe("Statuses, check runs and jobs of a commit, such as { names: [test, build*] }."),
  (given) => {
    const wanted = wantedOf(namesOf(given));
    const code = "config/value";
    if (wanted.length === 0) {
      return { code, key: "names", message: "must name what is wanted", fix: 'Add a name or a pattern, such as "*".' };
    }
    const own = wanted.find((name) => name.startsWith(ownContexts));
    if (own === undefined) return undefined;
    const fix = "Remove it: what Glu says of its own decisions never counts.";
    return { code, key: "names", message: `must not name ${own}, which is Glu's own`, fix };
  },
);

type Options = z.output<typeof options>;

interface Seen extends RepositoryCommit {
  on: Place;
  checks: readonly CommitCheck[];
}

const namesOf = ({ names }: Pick<Options, "names">): string[] => [names].flat();
const wantedOf = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith("!"));
const placesOf = ({ on = "source" }: Options): readonly Place[] => places.filter((one) => [on].flat().includes(one));

/**
 * Names of jobs have no parts: `*` crosses a slash. Nothing else is special, since names are full of it, such as those of
 * a matrix: `test: [ruby, 3.4]`.
 */
const matches = (check: CommitCheck, patterns: readonly string[]): boolean =>
  matchesGlobs(patterns.map(literally), check.name, "prose");

const literally = (pattern: string): string => pattern.replace(/[?[\]{}\\]/g, "\\$&");

/**
 * What the forge shows on the source commit, and on the commit of the config branch that is decided on: all that is
 * named must be there and have succeeded, as the forge itself would count it for a rule of a branch. What is not there is
 * held. The run that decides never waits for itself, nor for what Glu says of its decisions.
 */
export const checks = defineGate<Options, Seen[]>({
  name: "checks",
  options,
  outcome: "held",
  observes: "outside",
  verifies: true,
  ofTip: (wanted) => placesOf(wanted).includes("config"),
  observe: (subject, _state, wanted, look) =>
    Promise.all(
      placesOf(wanted).map(async (on): Promise<Seen> => {
        const commit = commitOf(on, subject, look);
        return { on, ...commit, checks: await look.outside.checks.of(commit, look.signal) };
      }),
    ),
  check: (seen, wanted, now, { intent }) => {
    const names = namesOf(wanted);
    const judged = seen.map((one) => judge(one, names));
    const found = judged.flatMap(({ missing }) => missing);
    for (const state of ["failed", "running", "waiting"] as const) {
      const bad = judged.flatMap(({ checks: all }) => all.filter((one) => one.check.state === state));
      if (bad.length > 0) return inTheWay(state, bad, now);
    }
    if (found.length > 0) return absent(found, sinceMade(intent.artifact, now));
    const all = judged.flatMap(({ checks: passed }) => passed);
    const [only] = all;
    const link = all.length === 1 && only?.check.url !== undefined ? { url: only.check.url } : {};
    return met(`${said(all.map(({ check: { name } }) => name))} succeeded on ${whereAll(seen)}`, link);
  },
});

function commitOf(on: Place, { app, intent }: GateSubject, { tip, release }: Look): RepositoryCommit {
  // Of a release it is the commit that carries it.
  if (on === "config") return release?.commit ?? tip;
  const { repositoryName, sha } = intent.artifact.version;
  return { repository: app.repository ?? repositoryName, commit: sha };
}

interface Found {
  check: CommitCheck;
  at: Seen;
}

interface Missing {
  pattern: string;
  at: Seen;
}

/** The checks that a list wants, and what of the list is not there. */
function judge(at: Seen, names: readonly string[]): { checks: Found[]; missing: Missing[] } {
  const missing = wantedOf(names)
    .filter((one) => !at.checks.some((check) => matches(check, [one]) && matches(check, names)))
    .map((one) => ({ pattern: one, at }));
  return { checks: at.checks.filter((check) => matches(check, names)).map((check) => ({ check, at })), missing };
}

const codes = { failed: "checks/failed", running: "checks/running", waiting: "checks/running" } as const;

function inTheWay(state: "failed" | "running" | "waiting", bad: readonly Found[], now: number): Check {
  const [first] = bad;
  const tells = (one: Found) => (state === "failed" ? failure(one.check) : one.check.name);
  const names = said(bad.map(tells));
  const times = bad.flatMap(({ check }) => check.since ?? []).map((time) => Math.min(time, now));
  const verb = {
    failed: "did not succeed",
    running: bad.length === 1 ? "is running" : "are running",
    waiting: bad.length === 1 ? "has not begun" : "have not begun",
  };
  return unmet(`${names} ${verb[state]} on ${first === undefined ? "" : where(first.at)}`, {
    code: codes[state],
    ...(times.length === 0 ? {} : { since: timestamp(Math.min(...times)) }),
    clearedBy:
      state === "failed" ? "running it again" : "the next run of promote or reconcile, when it has succeeded by then",
    ...(first?.check.url === undefined ? {} : { url: first.check.url }),
    ...aboutPlace(bad.map(({ at }) => at)),
  });
}

const failure = ({ name, said: word }: CommitCheck): string =>
  ["failed", "failure", "error"].includes(word) ? name : `${name} (${word.replaceAll("_", " ")})`;

function absent(missing: readonly Missing[], since: ReturnType<typeof timestamp>): Check {
  const [first] = missing;
  const at = first?.at;
  const there =
    at === undefined || at.checks.length === 0
      ? "there is none"
      : `there ${at.checks.length === 1 ? "is" : "are"} ${said(at.checks.map(({ name }) => name))}`;
  const verb = missing.length === 1 ? "is" : "are";
  return unmet(
    `${said(missing.map(({ pattern: one }) => one))} ${verb} not on ${at === undefined ? "" : where(at)}: ${there}`,
    {
      code: "checks/missing",
      since,
      clearedBy: `what reports it on that commit of ${at?.repository ?? "the repository"}`,
      ...aboutPlace(missing.map((one) => one.at)),
    },
  );
}

/** What is wrong with the config commit alone is in the way of whatever artifact. */
const aboutPlace = (at: readonly Seen[]) =>
  at.every(({ on }) => on === "config") ? { concerns: "place" as const } : {};

const where = ({ on, commit }: Seen): string =>
  `${commit.slice(0, 7)}, the ${on === "source" ? "source" : "config"} commit`;

const whereAll = (seen: readonly Seen[]): string => seen.map(({ commit }) => commit.slice(0, 7)).join(" and ");

/** Names that a sentence holds; of more it has the number. */
const mostSaid = 5;

function said(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, mostSaid).map(short);
  const rest = unique.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** A name of others, on one line and short. */
const short = (name: string): string => {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, " ");
  return line.length <= 80 ? line : `${line.slice(0, 79).replace(/[\ud800-\udbff]$/, "")}…`;
};
