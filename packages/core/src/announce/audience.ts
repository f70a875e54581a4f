import type { Artifact } from "../model/artifact.ts";
import type { App } from "../model/pipeline.ts";
import type { Clock } from "../ports/clock.ts";
import type { Comments } from "../ports/comments.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Deployments } from "../ports/deployments.ts";
import type { Logger } from "../ports/logger.ts";
import type { Statuses } from "../ports/statuses.ts";
import type { Templates } from "../ports/templates.ts";
import type { Row } from "./where-it-runs.ts";

/** One repository on a forge, whose people are told. */
export interface Audience {
  /** `owner/name`. */
  repository: string;
  statuses: Statuses;
  deployments: Deployments;
  comments: Comments;
  /** The page of a commit. */
  commitPage(sha: string): string;
}

/** Why nobody can be told there. */
export interface NoAudience {
  why: string;
  fix: string;
}

/** Who can be told. Of the same repository it is the same. */
export interface Audiences {
  /** Of the repository that an artifact was built from. */
  source(app: App, artifact: Artifact): Audience | NoAudience;
  /** Of the repository that an environment lives in. */
  config(repository: ConfigRepository): Audience | NoAudience;
}

export interface AnnouncePorts {
  audiences: Audiences;
  templates: Templates;
  /** The comment on where a change runs, as Markdown. */
  text(rows: readonly Row[]): string;
  /** The page of this run. */
  run: string | undefined;
  clock: Clock;
  logger: Logger;
}

/** What people were told, and what could not be told. */
export interface Announced {
  told: { what: string; url: string | undefined }[];
  /** Each with its fix. */
  warnings: string[];
}
