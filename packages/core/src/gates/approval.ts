import { z } from "zod";
import { OutsideError } from "../errors.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Authors, ReviewVerdict, RunVerdicts, Verdicts } from "../ports/approvals.ts";
import { type Check, defineGate, type GateFault, type GateSubject, type Look, met, sinceMade, unmet } from "./gate.ts";
import { checked, oneOrMore } from "./option.ts";
import { isIn, same, team, user, whoMay } from "./people.ts";

const ways = ["proposal", "source", "environment"] as const;
type Way = (typeof ways)[number];

const options = checked(
  z
    .strictObject({
      count: z.number().int().min(1).max(20).describe("How many of them must have approved. Default 1.").optional(),
      users: z.array(user).min(1, "must not be empty").describe("Users who may approve.").optional(),
      teams: z.array(team).min(1, "must not be empty").describe("Teams whose members may approve.").optional(),
      by: oneOrMore(z.enum(ways))
        .describe(
          "How: proposal, by a review of the pull request that proposes it; source, by a review of the one that brought " +
            "the commit; environment, of the forge, which the job waits for. Default proposal where there is propose, " +
            "else environment.",
        )
        .optional(),
      environment: z
        .string()
        .min(1, "must not be empty")
        .describe("The environment of the forge that by: environment is about. Default: of the same name.")
        .optional(),
    })
    .describe("Who must have approved, such as { count: 2, users: [ada], teams: [acme/releasers] }."),
  ({ users = [], teams, count = 1 }) => {
    const code = "config/value";
    if (users.length === 0 && teams === undefined) {
      const fix = "Write { users: [ada] } or { teams: [acme/releasers] }.";
      return { code, message: "must have users or teams", fix };
    }
    if (teams !== undefined || new Set(users.map((one) => one.toLowerCase())).size >= count) return undefined;
    const fix = "Name more users or a team, or lower it.";
    return { code, key: "count", message: `must not be more than the users who may approve`, fix };
  },
);

type Options = z.output<typeof options>;

interface Seen {
  authors: Authors;
  /** By those who may approve, of each the last. */
  approved: readonly string[];
  rejected: readonly string[];
  /** Who approved what has changed since. */
  stale: readonly string[];
  /** Who approved and is no other than who wrote, opened or started it. */
  own: readonly string[];
  url: string | undefined;
  /** Why approvals of the run do not count for this artifact. */
  newer: boolean;
}

/** `proposed`: it is asked of the proposal that this opens. */
type Observation = Seen | "proposed";

/**
 * N of the people who are named, or are in a team, have approved: on the proposal, on the pull request that brought the
 * source commit, or by the forge's environment that the job waited for. Whoever opened or wrote the source change, or
 * started the run, does not count; where the forge cannot say who wrote it, nobody counts. A rejection by somebody who
 * may approve stands in the way until it is taken back.
 */
export const approval = defineGate<Options, Observation>({
  name: "approval",
  options,
  outcome: "held",
  observes: "outside",
  faultsIn: faultsInWays,
  observe: async (subject, _state, wanted, look) => {
    // A proposal is not approved before it is there. It is merged when its status says that it is.
    if (isProposed(subject.environment, wanted) && look.proposal === "opening") return "proposed";
    const { repositoryName: repository, sha: commit } = subject.intent.artifact.version;
    const source = { repository: subject.app.repository ?? repository, commit };
    const [authors, found] = await Promise.all([
      look.outside.approvals.authors(source, look.signal),
      verdictsFor(subject, wanted, source, look),
    ]);
    return seenOf(found, authors, wanted, subject, look);
  },
  check: (seen, wanted, now, subject) => {
    if (seen === "proposed") return met("is asked for on the proposal, which may not be merged before");
    const { count = 1 } = wanted;
    const { approved, rejected, authors, url } = seen;
    const link = url === undefined ? {} : { url };
    const since = sinceMade(subject.intent.artifact, now);
    if (authors.unknown !== undefined) {
      return unmet(`${authors.unknown}, so nobody can be told from its author`, {
        code: "approval/unknown-author",
        since,
        clearedBy: "an artifact of a commit that a merged pull request brought, by people whom the forge knows",
        ...link,
      });
    }
    if (rejected.length > 0) {
      const clearedBy = `${rejected.join(" and ")}, by approving it or taking that back`;
      return unmet(`was rejected by ${rejected.join(", ")}`, { code: "approval/rejected", since, clearedBy, ...link });
    }
    if (approved.length >= count) return met(`was approved by ${approved.join(", ")}`, link);
    return missing(seen, wanted, { since, ...link });
  },
});

const waysOf = ({ by }: Options, environment: Environment): readonly Way[] =>
  by === undefined ? [environment.propose === undefined ? "environment" : "proposal"] : [by].flat();

const isProposed = (environment: Environment, wanted: Options): boolean =>
  environment.propose !== undefined && waysOf(wanted, environment).includes("proposal");

interface Heard {
  way: Way;
  verdicts: Verdicts;
}

async function verdictsFor(
  subject: GateSubject,
  wanted: Options,
  source: { repository: string; commit: string },
  { outside: { approvals }, proposal, tip, signal }: Look,
): Promise<Heard[]> {
  const used = waysOf(wanted, subject.environment);
  const asked = used.map(async (way): Promise<Heard[]> => {
    const heard = (verdicts: Verdicts | undefined) => (verdicts === undefined ? [] : [{ way, verdicts }]);
    switch (way) {
      case "environment":
        return heard(
          await approvals.ofRun(wanted.environment ?? subject.environment.name, signal).catch(unlessOnly(used)),
        );
      case "source":
        return heard(await approvals.ofSource(source, signal));
      case "proposal": {
        if (proposal === undefined || proposal === "opening" || proposal.head === undefined) return [];
        const { number, head } = proposal;
        const verdicts = await approvals.ofProposal({ repository: tip.repository, number, head }, signal);
        return heard({ ...verdicts, url: proposal.url });
      }
    }
  });
  return (await Promise.all(asked)).flat();
}

/** A run without approvals is no error where there are other ways, which may do. */
const unlessOnly =
  (used: readonly Way[]) =>
  (error: unknown): undefined => {
    if (used.length > 1 && error instanceof OutsideError && error.code === "approval/no-run") return undefined;
    throw error;
  };

async function seenOf(
  heard: readonly Heard[],
  authors: Authors,
  wanted: Options,
  { intent, actor }: GateSubject,
  look: Look,
): Promise<Seen> {
  const people = new Map<string, { name: string; verdicts: (ReviewVerdict & { counts: boolean })[] }>();
  let newer = false;
  const notCounted = new Set(authors.people.map((one) => one.toLowerCase()));
  // Who asks for it by name approves nothing of it; what starts by itself nobody asks for.
  const { proposal } = look;
  const asker = typeof proposal === "object" ? proposal.askedBy : intent.explicit ? actor.name : undefined;
  if (asker !== undefined) notCounted.add(asker.toLowerCase());
  for (const { way, verdicts } of heard) {
    const run = way === "environment" ? (verdicts as RunVerdicts) : undefined;
    for (const one of run?.startedBy ?? []) notCounted.add(one.toLowerCase());
    for (const verdict of verdicts.verdicts) {
      const isNewer = run !== undefined && !couldBeSeen(verdict, run, intent.artifact);
      newer ||= isNewer;
      const key = verdict.by.toLowerCase();
      const known = people.get(key) ?? { name: verdict.by, verdicts: [] };
      known.verdicts.push({ ...verdict, counts: verdict.current && !isNewer });
      people.set(key, known);
    }
  }
  const seen = { approved: [] as string[], rejected: [] as string[], stale: [] as string[], own: [] as string[] };
  await Promise.all(
    [...people].map(async ([key, { name, verdicts }]) => {
      if (!(await isIn(name, wanted, look))) return;
      if (verdicts.some(({ said }) => said === "rejected")) seen.rejected.push(name);
      else if (notCounted.has(key)) seen.own.push(name);
      else if (verdicts.some(({ counts }) => counts)) seen.approved.push(name);
      else seen.stale.push(name);
    }),
  );
  for (const names of Object.values(seen)) names.sort((a, b) => a.localeCompare(b));
  return { ...seen, authors, newer, url: heard.find(({ verdicts }) => verdicts.url !== undefined)?.verdicts.url };
}

type Artifact = GateSubject["intent"]["artifact"];

/** Whether who approved the run can have meant the artifact: it was there before, or is this very run's. */
function couldBeSeen({ at }: ReviewVerdict, run: RunVerdicts, { created, run: made }: Artifact): boolean {
  return made?.id === run.id || Date.parse(created) <= Date.parse(at ?? run.startedAt);
}

function missing({ approved, stale, own, newer, authors, url }: Seen, wanted: Options, more: Partial<Check>): Check {
  const { count = 1 } = wanted;
  const left = count - approved.length;
  const has =
    approved.length === 0
      ? `no approval of ${count}`
      : `${approved.length} of ${count} approvals (${approved.join(", ")})`;
  const whyNot = [
    ...(own.length > 0 ? [`${own.join(", ")} made or started it`] : []),
    ...(newer && stale.length > 0 ? [`${stale.join(", ")} approved the run before the artifact was made`] : []),
    ...(!newer && stale.length > 0 ? [`${stale.join(", ")} approved what has changed since`] : []),
  ];
  const excluded = (name: string) => authors.people.some((one) => same(one, name));
  const done = (name: string) => approved.some((one) => same(one, name));
  const who = whoMay({ ...wanted, users: (wanted.users ?? []).filter((one) => !done(one) && !excluded(one)) });
  const at = url === undefined ? "" : ` on ${url}`;
  return unmet([`has ${has}`, ...whyNot].join("; "), {
    ...more,
    code: "approval/missing",
    clearedBy:
      who === "" ? "other people under users or teams: those who are named made it" : `${left} more of ${who}${at}`,
  });
}

function faultsInWays(wanted: Options, { environment }: { environment: Environment }): GateFault[] {
  const { name, propose } = environment;
  const used = waysOf(wanted, environment);
  const faults: GateFault[] = [];
  if (used.includes("proposal") && propose === undefined) {
    const fix = `Add propose to ${name}, or take by: environment or by: source.`;
    faults.push({ level: "error", message: `nothing is proposed into ${name}, so no proposal is reviewed`, fix });
  }
  if (wanted.environment !== undefined && !used.includes("environment")) {
    const fix = "Remove environment, or add it to by.";
    faults.push({ level: "error", message: "environment is of no use without by: environment", fix });
  }
  if (used.includes("environment") && propose !== undefined) {
    const message = `a job that looks at the proposal of ${name} later is another run, with approvals of its own`;
    const fix = "Leave by out: the proposal is then reviewed.";
    faults.push({ level: "note", message, fix });
  }
  return faults;
}
