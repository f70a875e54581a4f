import type { AnyGate } from "../gates/gate.ts";
import type { RepoPath, RequestId } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import type { Actor } from "../model/record.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository, Identity, Snapshot } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import type { Logger } from "../ports/logger.ts";
import type { Outside } from "../ports/outside.ts";
import type { Proposals, ProposalText } from "../ports/proposals.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import type { Statuses } from "../ports/statuses.ts";
import type { Templates } from "../ports/templates.ts";
import type { RollbackTarget } from "../rollback/target.ts";
import type { PromoteResult } from "./groups.ts";

/** Reads the config at a tip. Called again after a lost race; an unchanged file need not be parsed again. */
export type LoadPipeline = (tip: Snapshot) => Promise<Pipeline>;

/** What a promotion was asked for. */
export interface PromoteRequest {
  /** Names; empty: all apps, by their policies. */
  apps: readonly string[];
  /** Names; empty: the policies decide. */
  environments: readonly string[];
  /** The policies decide also where environments are named: they say where to look, not what shall be. */
  automatic?: boolean;
  /** `latest`, an id, a digest, or a path to an artifact's JSON. */
  artifact: string;
  reason: string | undefined;
  /** Decide and show, write nothing. */
  plan: boolean;
  /** Overwrite values that were changed by hand. */
  overwrite: boolean;
  /** All or nothing. */
  set: boolean;
  /** Subject of the commit; default: what is promoted where. */
  commitMessage: string | undefined;
  /** Author of the commit; default: as the repository is configured. */
  author: Identity | undefined;
  request: RequestId;
  /** Whether this may be a request that was made before: a re-run. Only then it is looked for beyond the records. */
  again: boolean;
  actor: Actor;
  /** Names of gates that are passed though they are not met, where who asks may. Needs a reason. */
  override?: readonly string[] | undefined;
  /** Go back to what ran before. `environments` are named then, and `artifact` says nothing. */
  rollback?: RollbackOptions;
}

/** How it is gone back. */
export interface RollbackOptions {
  target: RollbackTarget;
  /** What is gone back to is pinned; until then, where a time is given (RFC 3339). */
  pin: { until: string | undefined } | undefined;
  /** The files byte for byte as they were; else today's `write` with the artifact. */
  exact: boolean;
  /** Written to the branch at once, also where changes are proposed. */
  directly: boolean;
  /** What runs there failed, and the config wants it undone: nobody asked for it. */
  afterFailure?: boolean;
}

/** Where changes are proposed, and how they are told there. */
export interface Proposing {
  /** Pull or merge requests of the forge that a repository is on. */
  of(repository: ConfigRepository): Proposals;
  /** What people read of a proposal: the plan of what it brings, which is all that the plan has. */
  text(plan: PromoteResult, request: PromoteRequest, repository: ConfigRepository): Promise<ProposalText>;
}

/** How commits are marked with what is decided of them. */
export interface Marking {
  /** Statuses of the forge that a repository is on. */
  of(repository: ConfigRepository): Statuses;
  /** The web page of a file of its branch, where that is known. */
  page(repository: ConfigRepository, path: RepoPath): string | undefined;
}

/** What a promotion needs from outside. */
export interface PromotePorts {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  /** The repository that an environment lives in: the config repository, unless the environment names another. */
  repositoryOf(environment: Environment): ConfigRepository;
  /** Where artifacts of an app are read, in turn. */
  storesOf(app: App): readonly ArtifactStore[];
  readArtifactFile(path: string): Promise<string>;
  editors: readonly Editor[];
  gates: readonly AnyGate[];
  /** What gates may look at and set going. */
  outside: Outside;
  proposing: Proposing;
  statuses: Marking;
  templates: Templates;
  clock: Clock;
  logger: Logger;
  source: SourceRepository | undefined;
}
