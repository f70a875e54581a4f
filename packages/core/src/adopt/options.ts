import type { AppName, EnvName, RequestId, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Actor, Release, Written } from "../model/record.ts";
import type { Identity } from "../ports/config-repository.ts";
import type { Registry } from "../ports/registry.ts";
import type { PromotePorts } from "../promote/options.ts";

/** What an adoption was asked for. */
export interface AdoptRequest {
  /** Names; empty: all. */
  apps: readonly string[];
  environments: readonly string[];
  /** An id, a digest or a path: the one artifact to look for, where several say the same. Undefined: any of the app's. */
  artifact: string | undefined;
  /** Make an artifact of what the files say where no stored one fits. */
  allowUnknown: boolean;
  reason: string | undefined;
  /** Look and show, write nothing. */
  plan: boolean;
  author: Identity | undefined;
  request: RequestId;
  actor: Actor;
}

/** What an adoption needs from outside. */
export interface AdoptPorts
  extends Pick<
    PromotePorts,
    | "repository"
    | "loadPipeline"
    | "repositoryOf"
    | "storesOf"
    | "readArtifactFile"
    | "editors"
    | "templates"
    | "clock"
    | "logger"
  > {
  /** Asked for the digest of a tag that runs, where files have the tag alone. */
  registry: Registry;
}

/**
 * Where an adopted artifact is known from.
 * - `store`: the one in a store that writes exactly what the files say.
 * - `agreeing`: the one in a store that agrees with them; they do not say all, such as a tag without its digest.
 * - `files`: it was made of what they say.
 */
export type Origin = "store" | "agreeing" | "files";

interface PlaceFound {
  app: AppName;
  environment: EnvName;
}

/**
 * What an adoption found of one app in one environment.
 * - `adopted`: it has a record now; with `plan` it would have.
 * - `recorded`: it had one before, which is never touched.
 * - `empty`: the places that `write` declares are empty or not there: nothing runs yet.
 * - `unknown`: what runs there cannot be told, and why.
 */
export type Adoption = PlaceFound &
  (
    | { kind: "adopted"; origin: Origin; release: Release }
    | { kind: "recorded"; release: Release | undefined }
    | { kind: "empty" }
    | { kind: "unknown"; code: string; reason: string; fix: string; found: Written[] }
  );

/** `incomplete`: of at least one place it cannot be told what runs there. */
export type AdoptOutcome = "incomplete" | "adopted" | "planned" | "unchanged";

export interface AdoptResult {
  result: AdoptOutcome;
  /** Nothing was written: this is what would be. */
  plan: boolean;
  places: Adoption[];
  /** One per repository and branch that was written. */
  commits: { location: string; branch: string; commit: Sha }[];
  /** What people should know though it failed nothing: artifacts that were left out because they are damaged. */
  notices: string[];
  pipeline: Pipeline;
}
