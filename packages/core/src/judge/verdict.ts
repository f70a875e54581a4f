import { standingGates } from "../gates/gates.ts";
import { scheduledFreeze } from "../gates/window.ts";
import type { GateResult } from "../model/decision.ts";
import type { EnvName, RepoPath, Timestamp } from "../model/names.ts";
import type { CommitStatus } from "../ports/statuses.ts";
import type { Stance } from "./stance.ts";

/** What a commit's status of an environment says. */
export interface Verdict {
  environment: EnvName;
  state: CommitStatus["state"];
  /** One line: why, since when, who clears it, when it clears by itself. The same as long as nothing changes. */
  description: string;
  /** The page of what was looked at. */
  url: string | undefined;
  /** The file of the hold in the way. */
  file: RepoPath | undefined;
}

/** The context of an environment's status: stable, since branch rules require it by name. */
export const statusContext = (environment: EnvName): string => `glu/${environment}`;

/** Characters of a description that every forge shows. */
const longest = 140;

/**
 * `failure` for what a person must clear: rules that always hold, such as a pin, a freeze, or the order of releases, and
 * all that is refused; a freeze that was planned is one. `pending` for what is waited for. Pure.
 */
export function verdictOf(environment: EnvName, stances: readonly Stance[]): Verdict {
  const [worst] = [...stances].sort((a, b) => rankOf(b) - rankOf(a));
  const state = worst === undefined ? "success" : stateOf(worst);
  const base = { environment, state, url: undefined, file: undefined };
  if (worst === undefined) return { ...base, description: `does not change what ${environment} runs` };
  if (state === "success") return { ...base, description: `${namesOf(stances)}: all gates are met` };
  const [gate, ...more] = [...worst.gates].filter(isReason).sort((a, b) => Number(fails(b)) - Number(fails(a)));
  const shown = gate ?? worst.gates[0];
  if (shown === undefined) throw new Error("what is held has a gate");
  const others = stances.filter((one) => one.gates.length > 0).length - 1;
  const rest = others > 0 ? ` (and ${others} more)` : more.length > 0 ? ` (and ${more.length} more)` : "";
  const description = lineOf(stances.length > 1 ? `${worst.app}: ` : "", shown, rest, clearsAtOf(worst.gates));
  return { ...base, description, url: shown.url, file: worst.file };
}

const rankOf = ({ gates }: Stance): number => (gates.some(fails) ? 2 : gates.length > 0 ? 1 : 0);

const stateOf = (stance: Stance): CommitStatus["state"] =>
  (["success", "pending", "failure"] as const)[rankOf(stance)] ?? "failure";

const standing: ReadonlySet<string> = new Set(standingGates.map(({ name }) => name));

/** A soak or a server that is not ready is waited for; a rule that always holds is broken until somebody acts. */
const fails = (gate: GateResult): boolean => gate.outcome !== "held" || isStanding(gate);

const isStanding = ({ name, code }: GateResult): boolean => standing.has(name) || code === scheduledFreeze;

/** What only waits for other gates is no reason. */
const isReason = ({ code }: GateResult): boolean => code?.endsWith("/waits") !== true;

/** When all have cleared by themselves; undefined when one does not. */
function clearsAtOf(gates: readonly GateResult[]): Timestamp | undefined {
  const times = gates.map(({ clearsAt }) => clearsAt);
  return times.includes(undefined) ? undefined : times.sort().at(-1);
}

function namesOf(stances: readonly Stance[]): string {
  const [first, second, ...others] = [...new Set(stances.map(({ app }) => app))];
  if (second === undefined) return String(first);
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}

/** Whose words are cut is whoever gave the reason: what to do about it is told whole. */
function lineOf(app: string, gate: GateResult, rest: string, clearsAt: Timestamp | undefined): string {
  const { name, seen, since, clearedBy } = gate;
  // What it says of how long it has waited would be another with every run.
  const waits = clearsAt !== undefined && !isStanding(gate);
  const from = since === undefined ? "" : `, since ${minuteOf(since)}`;
  const by = clearedBy === undefined || waits ? "" : `; ${clearedBy}`;
  const at = clearsAt === undefined ? "" : `${by === "" ? ";" : ", or"} by itself ${minuteOf(clearsAt)}`;
  const end = clip(`${from}${by}${at}${rest}`, 100);
  return `${clip(`${app}${name}: ${waits ? "is waited for" : seen}`, longest - end.length)}${end}`;
}

/** Characters, none of them cut in half. */
function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** `2026-11-28 09:00 UTC` */
const minuteOf = (time: Timestamp): string => `${time.slice(0, 16).replace("T", " ")} UTC`;
