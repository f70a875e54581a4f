import type {
  AnyGate,
  Editor,
  Environment,
  Functions,
  Item,
  LoadPipeline,
  PromoteResult,
  ReconcileResult,
  RepoPath,
  Templates,
  Timestamp,
} from "@glu/core";
import type { Base } from "./memory/base.ts";
import type { Seed } from "./memory/tree.ts";

/** What a simulation is made of: the pipeline, and what reads and edits it. */
export interface SimulationOptions {
  /** Milliseconds since the epoch. */
  start: number;
  /** What lies in the config repository at the start, read when it is asked for. */
  base?: Base | undefined;
  /** Files that stand on top of it. */
  files?: Seed | undefined;
  /** The same for an environment that lives elsewhere. Default: the files of the config repository. */
  baseOf?: ((environment: Environment) => Base | undefined) | undefined;
  configFile: RepoPath;
  loadPipeline: LoadPipeline;
  editors: readonly Editor[];
  gates: readonly AnyGate[];
  /** Those of a config that is a program. Default: there are none. */
  functions?: Functions | undefined;
  templates: Templates;
  /** Milliseconds from one scheduled run to the next; undefined: none runs by itself. */
  every?: number | undefined;
  /** Who asks, unless the event says so. */
  actor?: string | undefined;
}

/** One name or several. */
type Names = string | readonly string[];

export interface PromoteOptions {
  /** Default: all apps. */
  app?: Names | undefined;
  /** Default: where policies want it. */
  environment?: Names | undefined;
  /** `latest`, or a version, id or digest. Default: `latest`. */
  artifact?: string | undefined;
  reason?: string | undefined;
  overwrite?: boolean | undefined;
  set?: boolean | undefined;
  /** Names of gates that are passed though they are not met, where who asks may. Needs a reason. */
  override?: readonly string[] | undefined;
  /** The same request again is a re-run of it. */
  request?: string | undefined;
  actor?: string | undefined;
}

export interface RollbackEvent extends Omit<PromoteOptions, "environment" | "artifact"> {
  environment: Names;
  /** As the command takes it: `previous`, a number, `healthy`, a time or a duration, a version. Default: `previous`. */
  to?: string | undefined;
  /** Whether it is pinned. Default: true. */
  pin?: boolean | undefined;
  /** When the pin ends: RFC 3339, or a time from now such as `2h`. */
  until?: string | undefined;
}

export interface AttachOptions {
  app: string;
  /** A version that was built, or its id. Default: the latest build of the app. */
  artifact?: string | undefined;
  /** A name, and what gates ask of it. Items are never replaced. */
  item: Item;
}

export interface HoldOptions {
  reason: string;
  /** RFC 3339, or a time from now such as `2h`. */
  until?: string | undefined;
  actor?: string | undefined;
}

/** Something that runs promoted or decided. */
export type Run = { at: Timestamp } & (
  | { kind: "promote"; result: PromoteResult }
  | { kind: "reconcile"; result: ReconcileResult }
);
