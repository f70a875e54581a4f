import type { z } from "zod";
import type { Ancestry } from "../artifact/order.ts";
import type { Artifact, Item } from "../model/artifact.ts";
import type { GateOutcome, GateResult, Intent } from "../model/decision.ts";
import { type Timestamp, timestamp } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import type { Actor } from "../model/record.ts";
import type { RepositoryCommit } from "../ports/checks.ts";
import type { Clock } from "../ports/clock.ts";
import type { Outside } from "../ports/outside.ts";
import type { Proposal } from "../ports/proposals.ts";
import type { State } from "../state/state.ts";
import type { Overriding } from "./break-glass.ts";

/** A value in a file that is not what the current release put there. */
export interface Drift {
  path: string;
  selector: string;
  /** What the record says. */
  recorded: string;
  /** What the file says; undefined when it is gone. */
  found: string | undefined;
}

/** What is asked, of whom, where: what every gate may look at without I/O. */
export interface GateSubject {
  intent: Intent;
  app: App;
  environment: Environment;
  /** Who asked. */
  actor: Actor;
  /** The reason that was given with the request. */
  reason: string | undefined;
  /** Values changed by hand may be overwritten. */
  overwrite: boolean;
  /** Gates that people pass though they are not met, as far as they may. */
  overriding?: Overriding | undefined;
  drift: readonly Drift[];
  ancestry: Ancestry;
}

export interface Unmet {
  outcome?: GateOutcome;
  since?: Timestamp;
  clearedBy?: string;
  clearsAt?: Timestamp;
  /** Stable code; default `<gate>/unmet`. */
  code?: string;
  url?: string;
  /** `place`: it would be in the way of any other artifact as well, such as a server that does not answer. */
  concerns?: "place";
  /** Nobody knows whether it holds: it could not be evaluated. Such a gate never fails a release. */
  unknown?: true;
  /** Of a release that is verified: it runs where it was released, whatever else is still missing. */
  synced?: true;
  /** Of a release that is verified: it is good so far, and is met at `clearsAt` if it stays so, however long that takes. */
  goodSoFar?: true;
}

export type Check = Pick<GateResult, "met" | "seen" | "output"> & Unmet;

/** What a gate may use to observe. */
export interface Look {
  /** When the run looks, in milliseconds since the epoch. */
  now: number;
  /** Aborted when the gate's time is over. */
  signal: AbortSignal;
  clock: Clock;
  /**
   * False for an artifact that is tried since a newer one was tested and is held: what has happened counts, and nothing
   * is made to happen for it.
   */
  mayAct: boolean;
  /**
   * A text of the config with what its templates say of the intent's artifact and environment: data of others.
   * @throws UserError `template/…`
   */
  render(template: string): string;
  /** What is attached to the intent's artifact: when it was made, and since. */
  items(): Promise<readonly Item[]>;
  outside: Outside;
  /** The commit that is decided on, of the repository that the environment lives in. */
  tip: RepositoryCommit;
  /**
   * Where changes are proposed: the proposal that this is decided for again, to say whether it may be merged; `opening`,
   * to say whether one is opened or updated; undefined: nobody knows of one.
   */
  proposal: JudgedProposal | "opening" | undefined;
  /** The release that is verified; undefined before one, when the gate is asked whether there may be one. */
  release?: ReleaseInPlace | undefined;
}

/** A release that is verified: it stands on its branch, and shall be seen to run. */
export interface ReleaseInPlace {
  /** The commit that carries it, of the repository its environment lives in; undefined: the history no longer tells. */
  commit: RepositoryCommit | undefined;
  /** Milliseconds since the epoch. */
  releasedAt: number;
  /**
   * Since when it is known to run there, in milliseconds since the epoch; `awaited`: it is not there yet, as far as is
   * known. Undefined: no gate beside tells.
   */
  arrivedAt?: number | "awaited" | undefined;
  /** What was there before; undefined: nothing. Where both have the same images, that they run proves nothing. */
  before?: Pick<Artifact, "images" | "vars"> | undefined;
  /**
   * Whether the release is part of what a revision of that repository holds: a commit, whole or begun, or a branch or
   * tag, with what some tools put before it (`main@sha1:…`). Undefined: that cannot be told.
   */
  isIn(revision: string): Promise<boolean | undefined>;
}

/** A proposal that is decided on, and who asked for it, where that is known: who asks does not approve. */
export interface JudgedProposal extends Pick<Proposal, "number" | "url" | "head"> {
  askedBy?: string | undefined;
}

/**
 * What observing costs, cheapest first. `state`: nothing, it is observed anew on every tip; where it clears with time, it
 * says when. `outside`: it asks somebody. `acts`: it makes something happen, such as a test run. The last two are observed
 * once a run, by gate and subject.
 */
export const observes = ["state", "outside", "acts"] as const;

/** Where options stand that are looked at for what is wrong with them. */
export interface FaultsWhere {
  environment: Environment;
  /** Under `verify`: milliseconds that a release has until all of it must be met. */
  within?: number | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** A file of the config repository as text; undefined when there is none. */
  text(path: string): Promise<string | undefined>;
}

export interface GateFault {
  /** `note`: it may be meant, or only time or a forge can tell. */
  level: "error" | "note";
  /** A sentence without its end, that reads after the gate's place. */
  message: string;
  fix: string;
}

/**
 * A condition that must hold: what it must know (`observe`, may do I/O), and a pure `check` that explains itself. What
 * cannot be observed is held, never passed.
 */
export interface Gate<Options, Observation> {
  readonly name: string;
  /** The schema of its value in the config; undefined for those that always apply. */
  readonly options: z.ZodType<Options> | undefined;
  /** What an unmet check does unless it says otherwise. */
  readonly outcome: GateOutcome;
  /** What is not `state` may only hold: it is not looked at while anything cheaper is in the way. */
  readonly observes: (typeof observes)[number];
  /** Whether this intent is decided without asking anybody, as if it observed `state`. Default: never. */
  needsNobody?(subject: GateSubject, options: Options): boolean;
  /**
   * Whether it asks by a program of the job. Then it is observed as what acts is, never for a plan; but of a release, where
   * it holds nobody up.
   */
  asksByProgram?(options: Options): boolean;
  /** The texts of its options in which templates may stand; `glu validate` tries them. */
  readonly templates?: (options: Options) => readonly string[];
  /** What it observes depends on the artifact by what its templates say alone: the same question is asked once a run. */
  readonly asks?: "templates";
  /** What it observes is of the tip that is decided on: it is observed again on another one. Default: it is not. */
  readonly ofTip?: (options: Options) => boolean;
  /** What is wrong with options that were read, as far as it can be known without asking anybody; `glu validate` tells. */
  readonly faultsIn?: (options: Options, where: FaultsWhere) => Promise<readonly GateFault[]> | readonly GateFault[];
  /** `place`: it says the same of every artifact, so that no other one needs to be tried where it is in the way. */
  readonly concerns?: "place";
  /**
   * Whether it can tell of a release that it is good: it may stand under `verify`. There an unmet check of outcome
   * `refused` fails the release at once, and `held` is asked again until the time is over.
   */
  readonly verifies?: true;
  /** Whether a rollback has to meet it as well. Default: not, the way back is open. */
  readonly bindsRollbacks?: boolean;
  /** Why break-glass never overrides it, and what is done instead: a sentence without its end. Default: it may. */
  readonly neverOverridden?: string;
  /** The name by which it is overridden; default its own. */
  readonly overriddenAs?: (options: Options) => string;
  /** Whether it has anything to say of the intent; one that has not is not listed. Default: always. */
  applies?(subject: GateSubject): boolean;
  /** Milliseconds after which an observation is given up, and the intent held; default one minute. */
  readonly timeLimit?: (options: Options) => number;
  observe(subject: GateSubject, state: State, options: Options, look: Look): Promise<Observation> | Observation;
  check(observation: Observation, options: Options, now: number, subject: GateSubject): Check;
}

/** A gate whose types have been forgotten, as the list of gates holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the list is heterogeneous; each gate is typed where it is defined
export type AnyGate = Gate<any, any>;

export function defineGate<Options, Observation>(gate: Gate<Options, Observation>): Gate<Options, Observation> {
  return gate;
}

/** When an artifact was made: since then it lacks what it has never had. Not after now, where a clock was ahead. */
export const sinceMade = ({ created }: Artifact, now: number): Timestamp =>
  timestamp(Math.min(Date.parse(created), now));

export const met = (seen: string, more: Pick<GateResult, "url"> = {}): Check => ({ met: true, seen, ...more });
export const unmet = (seen: string, why: Unmet = {}): Check => ({ met: false, seen, ...why });
