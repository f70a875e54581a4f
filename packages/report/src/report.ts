import type {
  Actor,
  Announced,
  App,
  AppName,
  Artifact,
  AwaitedVerdict,
  Comparison,
  Cost,
  Decision,
  Digest,
  Environment,
  EnvName,
  Explained,
  FileChange,
  Freeze,
  HistoryEntry,
  PassedOver,
  Pin,
  ReconcileResult,
  RefName,
  Release,
  RequestId,
  RunResult,
  Sha,
  SourceChange,
  Timestamp,
  Told,
  Undecided,
  Verified,
} from "@glu/core";
import type { Span } from "./document.ts";

/**
 * What reports link to. Every address is untrusted: only `http` and `https` without credentials become links, anything
 * else is shown as text.
 */
export interface Links {
  /** The config repository. */
  repository?: string | undefined;
  /** The CI run that makes this report. */
  run?: string | undefined;
  /** Folder of the documentation, for `trust.md`. */
  docs?: string | undefined;
  /** A commit of the config repository. */
  commit?(sha: string): string | undefined;
  /** The source commit, tag or release that an artifact was built from. */
  artifactSource?(artifact: Artifact): string | undefined;
  /** A commit of the repository that an artifact was built from. */
  sourceCommit?(artifact: Artifact, sha: string): string | undefined;
  /** What lies between the commits of two artifacts of one repository. */
  compare?(from: Artifact, to: Artifact): string | undefined;
}

/** What runs in one app and environment, and what holds it there. */
export interface Running {
  app: AppName;
  environment: EnvName;
  /** The current release; undefined: nothing has been released there. */
  release: Release | undefined;
  pin?: Pin | undefined;
  /** A freeze in force there. */
  freeze?: Freeze | undefined;
  /** That the release waits for its verification. */
  verifying?: AwaitedVerdict | undefined;
}

/** The graph and its state. An app that does not go through an environment has no entry in `running`. */
export interface PipelineView {
  /** In pipeline order. A core `Environment` fits. */
  environments: readonly Pick<Environment, "name" | "tier" | "from">[];
  running: readonly Running[];
}

/** What it cost; without a way, what was asked of APIs alone. */
export type ReportedCost = Omit<Cost, "way"> & { way?: string };

interface Common {
  /** When the report is made, in milliseconds since the epoch: ages are measured against it. */
  now: number;
  links: Links;
  /** Said once each, as they are: what the reader should know beside the result. */
  notices: readonly string[];
  cost?: ReportedCost | undefined;
}

/** What a run of `promote` decided. */
export interface PromotionReport extends Common {
  kind: "promotion";
  result: RunResult;
  /** Replaces the headline that is derived from the decisions. */
  headline?: string | undefined;
  decisions: readonly Decision[];
  passedOver: readonly PassedOver[];
  /** Places of which nothing could be decided. */
  undecided: readonly Undecided[];
  /** The source commits that come along. */
  sources?: readonly SourceChange[] | undefined;
  /** At the tip that was decided on; cells with a decision are drawn from the decision. */
  pipeline: PipelineView;
  /** Where the config repository is: a URL or path, never with credentials. */
  configLocation: string;
  branch: RefName;
  /** The commit that this run made on that branch. */
  commit?: Sha | undefined;
  /** Those that it made there before, newest first: a reconciliation makes one for each environment. */
  earlierCommits?: readonly Sha[] | undefined;
  /** Those it made for environments that live in other repositories or branches. */
  commitsElsewhere?: readonly { location: string; branch: string; commit: Sha }[] | undefined;
  /** Why its gates bind nobody else: this job may write, and runs in another repository, or from a branch of its own. */
  advisory: "repository" | "branch" | undefined;
  /** Nothing was written: this is what would happen. */
  plan: boolean;
  request: RequestId;
  /** What people were told of the releases on the forge, and what could not be told; undefined: nothing was asked for. */
  told?: Announced | undefined;
  /** Of a reconciliation: what it looked at and found, beside what it decided. */
  reconciled?: Reconciled | undefined;
  /** Releases that were waiting for their verification, and what was seen of them. */
  verified?: readonly Verified[] | undefined;
  /** Who asked, and why; undefined where a report is made of what others decided. */
  actor?: Actor | undefined;
  reason?: string | undefined;
}

/** What a reconciliation looked at and found; or that it looked at nothing, since nothing had changed. */
export type Reconciled = Looked | NothingChanged;
/** `told`: what the run said that looked at everything. */
export interface NothingChanged {
  quietUntil: Timestamp;
  told: Told;
}
export type Looked = Pick<ReconcileResult, "looked" | "discovered" | "drifted" | "lapsed" | "next">;

/** What `build-artifact` made. */
export interface ArtifactReport extends Common {
  kind: "artifact";
  /** `created`: new in the store. `exists`: it was there. `planned`: a dry run. */
  result: "created" | "exists" | "planned";
  artifact: Artifact;
  digest: Digest;
  /** Where it is kept; undefined on a dry run. `location` is never with credentials. */
  store?: { location: string; ref: string } | undefined;
  /** The promotion that was asked of another repository. */
  requested?: { target: string; url?: string | undefined } | undefined;
}

/** What runs where, for `glu status`. */
export interface StatusReport extends Common {
  kind: "status";
  pipeline: PipelineView;
  configLocation: string;
  branch: RefName;
  /** The tip it was read at. */
  commit?: Sha | undefined;
}

/** What was released, for `glu history`. */
export interface HistoryReport extends Common {
  kind: "history";
  /** Undefined: all apps. */
  app: AppName | undefined;
  /** Undefined: all environments. */
  environment: EnvName | undefined;
  /** Newest first. */
  entries: readonly HistoryEntry[];
  /** There are more than were asked for. */
  more: boolean;
  /** Only some were asked for. */
  filtered: boolean;
  configLocation: string;
  branch: RefName;
}

/** What differs between two environments, or one then and now, for `glu diff`. */
export interface ComparisonReport extends Common, Omit<Comparison, "pipeline" | "notices"> {
  kind: "comparison";
  configLocation: string;
}

/** Why an artifact is not in an environment, for `glu explain`. */
export interface ExplanationReport extends Common {
  kind: "explanation";
  /** That of the artifact that could go there next; `none` when there is none. */
  result: RunResult;
  app: AppName;
  environment: EnvName;
  /** What waits, newest first; without one what runs there now. */
  artifacts: readonly Explained[];
  /** How many more wait. */
  left: number;
  /** Ids of the two that are told with every gate. */
  next: string | undefined;
  newest: string | undefined;
  /** Id of the one that the next run promotes by itself. */
  starts: string | undefined;
  /** Why nothing waits and nothing runs there. */
  none: string | undefined;
  /** The environments of the app, and what runs in them. */
  pipeline: PipelineView;
  configLocation: string;
  branch: RefName;
}

/** The pipeline as the config has it, for `glu graph`. */
export interface GraphReport extends Common {
  kind: "graph";
  environments: readonly Pick<
    Environment,
    "name" | "tier" | "from" | "auto" | "policy" | "accept" | "gates" | "verify"
  >[];
  apps: readonly Pick<App, "name" | "environments">[];
  /** What runs where; undefined: nobody asked. */
  running: readonly Running[] | undefined;
  configLocation: string;
  branch: RefName;
}

/** Text, or a span of its own kind: code, a link. Untrusted all the same; renderers escape it. */
export type Cell = string | Extract<Span, { kind: "code" | "strong" | "link" }>;

/** The answer of a command that needs no drawing of its own: a sentence, a table, and the data for machines. */
export interface PageReport {
  kind: "page";
  /** Of the JSON, e.g. `glu.doctor.v1`. */
  schema: string;
  result: string;
  headline: string;
  tone: "ok" | "note" | "warning" | "error";
  columns: readonly string[];
  /** A text in the first column names the row, and is set as code. */
  rows: readonly (readonly Cell[])[];
  /** Files whose exact diff is shown. */
  files?: readonly FileChange[];
  /** Further fields of the JSON. */
  data: Readonly<Record<string, unknown>>;
  cost?: ReportedCost | undefined;
}

export type Report =
  | PageReport
  | FileReport
  | PromotionReport
  | ArtifactReport
  | StatusReport
  | HistoryReport
  | ComparisonReport
  | ExplanationReport
  | GraphReport;
/** A file that a command makes. At a terminal it is the file alone, so that it can be redirected into one. */
export interface FileReport {
  kind: "file";
  /** Of the JSON, e.g. `glu.config.v1`. */
  schema: string;
  result: string;
  headline: string;
  language: "yaml" | "ts";
  text: string;
  /** Further fields of the JSON. */
  data: Readonly<Record<string, unknown>>;
}
