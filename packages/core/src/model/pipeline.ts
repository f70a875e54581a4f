import type { AppName, EnvName, RefName, RepoPath } from "./names.ts";
import type { Source } from "./source.ts";

/** Patterns are globs; `!` excludes; within one key any match is enough; keys are ANDed, a list of policies is ORed. */
export interface Policy {
  event?: string[];
  branch?: string[];
  tag?: string[];
  /** Matched against the first line of the commit message. */
  message?: string[];
}

/** Which upstream environments must have released the artifact. */
export interface Upstream {
  mode: "all" | "any";
  environments: EnvName[];
  /**
   * What of a release counts in those of them that verify: `healthy`, only what was verified; `released`, also what
   * failed, of which people are only told. In the others whatever was released and did not fail.
   */
  counts?: ReadonlyMap<EnvName, "healthy" | "released">;
}

/** What must be seen of a release before it counts as good. */
export interface Verification {
  gates: GateUse[];
  /** Milliseconds from the release to the time at which what is still not met fails it. */
  within: number;
  /**
   * What follows when it fails. `rollback`: it goes back to the last that was healthy, which is pinned; `hold`: it goes no
   * further; `notify`: people are told, and it may go further.
   */
  onFailure: "rollback" | "hold" | "notify";
}

/** A gate as the config names it: `{ soak: 30m }` → name `soak`, options as the gate's schema parsed them. */
export interface GateUse {
  name: string;
  options: unknown;
  /** Where the config says it, for messages: `environments.production.gates[0].soak`, or the freeze that it comes of. */
  at?: { path: string; line: number | undefined };
}

/** How the proposals of an environment look. */
export interface ProposeOptions {
  draft?: boolean | undefined;
  labels?: readonly string[] | undefined;
  /** User names, and teams as `org/team`. */
  reviewers?: readonly string[] | undefined;
  assignees?: readonly string[] | undefined;
  /** Whether the forge merges it by itself once all that it requires is met. */
  autoMerge?: boolean | undefined;
  /** Templates; undefined: what is promoted where, and the plan. */
  title?: string | undefined;
  body?: string | undefined;
}

/** What people are told of releases in an environment, on the forge. */
export interface NotifyOptions {
  /** The source commit, or the config commit, is marked. */
  status: boolean;
  /** The forge's page of environments has it. */
  deployment: DeploymentOptions | undefined;
  /** The pull requests by which the changes came are told where they run. */
  comment: boolean;
}

export interface DeploymentOptions {
  /** A template of the address where the app can be reached there. */
  url?: string | undefined;
  /** A template of the environment's name on the forge; default: its own, with the app's where several have one place. */
  name?: string | undefined;
  /** When it is a success: as soon as it is committed, or when it is verified. */
  success: "committed" | "verified";
}

/** Who may override which gates: people in a hurry, with a reason, and it is recorded. */
export interface BreakGlass {
  gates: readonly string[];
  /** Names of users on the forge. */
  users?: readonly string[] | undefined;
  /** Teams as `org/team`. */
  teams?: readonly string[] | undefined;
}

export interface Environment {
  name: EnvName;
  tier: string | undefined;
  /** What starts a promotion by itself; with `auto`, what of upstream's does. Empty: nothing; with `auto` everything. */
  policy: Policy[];
  /** What may be promoted at all; empty: everything. */
  accept: Policy[];
  from: Upstream | undefined;
  /** What comes from upstream by itself: `newest`, the newest that it released; `upstream`, what runs there now. */
  auto: "newest" | "upstream" | undefined;
  /** What its one upstream runs moves there together: exactly that combination of apps, or nothing. */
  set?: boolean | undefined;
  gates: GateUse[];
  /** Absent or empty: nobody may override a gate there. */
  breakGlass?: readonly BreakGlass[];
  /** Absent: what is committed there counts as good. */
  verify?: Verification | undefined;
  /** Changes are proposed and not committed: by a pull or merge request for each app. */
  propose: ProposeOptions | undefined;
  /** Absent: nobody is told anything. */
  notify?: NotifyOptions | undefined;
  /** The repository and branch its files and records live in; undefined: those of the config. */
  repository: string | undefined;
  ref: RefName | undefined;
}

/** One entry under `write`: the editor and its options, templates not yet rendered. */
export interface Write {
  editor: string;
  options: Readonly<Record<string, unknown>>;
  /** Position in the config file, for messages. */
  line: number | undefined;
}

export interface App {
  name: AppName;
  /** `owner/name` of its source, when declared. */
  repository: string | undefined;
  /** Image key → repository name without tag, e.g. `web` → `ghcr.io/acme/frontend`. */
  images: Readonly<Record<string, string>>;
  /** The environments it goes through, in pipeline order. */
  environments: EnvName[];
  /** Those in which the manifests that its artifacts carry count: their policies, and their values in `write`. */
  manifests: EnvName[];
  write: Write[];
  /** Where new versions come from beside what CI builds; absent: nowhere. */
  sources?: readonly Source[];
  /** Absent: its pull requests get no previews. */
  preview?: AppPreview;
}

/** What a preview of an app is made of. */
export interface AppPreview {
  /** The folder of its templates, in the config repository or the app's. Absent: the app's manifest is all there is. */
  template?: RepoPath;
  from: "config" | "app";
  /** Which program of the runner makes manifests of them; absent: they are those, or whatever deploys makes them. */
  render?: "kustomize" | "helm";
  /** With `render: helm`; absent: the one of the app's manifest. */
  chart?: PreviewChart;
  /** The folder in the config repository whose folders `<n>` have what is different for pull request `<n>`. */
  overrides?: RepoPath;
  /** The file in the app's repository that has its manifest with `preview: true`. */
  manifest?: RepoPath;
  /** Templates of the host and of the address that is asked for its health, in place of those of all previews. */
  host?: string;
  health?: string;
  /** How long its data stay: as long as it is there, or as long as a commit is at the head. Absent: it has none. */
  seed?: "once" | "per-sha";
}

/** A Helm chart, in the words of GimletD's manifests. */
export interface PreviewChart {
  /** Its name in `repository`, or an `oci://` address; without both a folder, as seen from that of the templates. */
  name: string;
  /** `https://…` or `oci://…`. */
  repository?: string;
  /** Exactly one version, of a chart that is not a folder. */
  version?: string;
  /** Template of the release's name; absent: the app's. */
  release?: string;
  /** Files as seen from the template's folder, the last one wins; absent: its `values.yaml`, where there is one. */
  valueFiles?: readonly string[];
}

/** How previews are made. Times are milliseconds. */
export interface Previews {
  /** The repository and branch they live in; undefined: those of the config. */
  repository: string | undefined;
  ref: RefName | undefined;
  folder: RepoPath;
  /** Templates; undefined: no host, and an address made of the host. */
  host: string | undefined;
  url: string | undefined;
  /** Template of the address that answers with 2xx when it is healthy; undefined: nothing is asked. */
  health: string | undefined;
  /** Templates of further addresses by what people call them, such as `Logs`. */
  links: Readonly<Record<string, string>>;
  /** Whether the pull request has a comment that says where its previews are. */
  comment: boolean;
  /** Whether a forge that has deployments shows them. */
  deployments: boolean;
  /** How long one stays after the last event, and at most. */
  idle: number;
  maxAge: number;
  /** How many there may be at once; undefined: as many as there are. */
  limit: number | undefined;
  limitPerAuthor: number | undefined;
  onLimit: "fail" | "evict-idle";
  /** Which pull requests get one by themselves: all, or those with the label. */
  when: "always" | "label";
  label: string;
  /** Of forks only those commits that somebody has labelled, or none. */
  forks: "label" | "never";
}

/** What the refs of artifacts in Git begin with, unless the config says otherwise; the app's name follows. */
export const defaultArtifactRefs = "refs/glu/artifacts";

export type StoreLocation =
  | { kind: "git"; ref: string }
  | { kind: "oci"; url: string }
  | { kind: "file"; path: string };

/** The typed model of `glu.yaml` or `glu.config.ts`, defaults applied. Maps keep the order of declaration. */
export interface Pipeline {
  file: RepoPath;
  artifacts: StoreLocation;
  environments: ReadonlyMap<EnvName, Environment>;
  apps: ReadonlyMap<AppName, App>;
  /** Absent: as they are where nothing is said of them. */
  previews?: Previews;
}
