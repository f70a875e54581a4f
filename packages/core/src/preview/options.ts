import type { Manifest } from "../model/artifact.ts";
import type { FileChange } from "../model/decision.ts";
import type { AppName, RepoPath, RequestId, Sha } from "../model/names.ts";
import type { AppPreview, Previews } from "../model/pipeline.ts";
import type { goneBecause, Preview, PreviewImage, Trust } from "../model/preview.ts";
import type { Actor } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { Bytes, ConfigRepository, Identity, Snapshot } from "../ports/config-repository.ts";
import type { Kustomizations } from "../ports/kustomizations.ts";
import type { Logger } from "../ports/logger.ts";
import type { ManifestBuilder } from "../ports/manifest-builder.ts";
import type { Manifests } from "../ports/manifests.ts";
import type { Pulls } from "../ports/pulls.ts";
import type { Templates } from "../ports/templates.ts";
import type { Event, EventTime } from "./clock.ts";

/** How previews of an app are made: what the config says of all, and of the app. */
export type PreviewSettings = Pick<
  Previews,
  "folder" | "host" | "url" | "health" | "links" | "idle" | "maxAge" | "limit" | "limitPerAuthor" | "onLimit"
> &
  Pick<AppPreview, "render" | "chart"> & { seed: AppPreview["seed"] | undefined };

const day = 86_400_000;

/** Where the config says nothing of previews. */
export const usualPreviews: Previews = {
  ...{ repository: undefined, ref: undefined, folder: "previews" as RepoPath, host: undefined, url: undefined },
  ...{ health: undefined, links: {}, comment: true, deployments: true },
  ...{ idle: 3 * day, maxAge: 30 * day, limit: undefined, limitPerAuthor: undefined, onLimit: "fail" },
  ...{ when: "always", label: "preview", forks: "label" },
};

/** Files as they are on the branch that a pull request is to be merged into: nothing of its head decides what runs. */
export interface PreviewTemplate {
  /** Where they are from: their folder in its repository, or the file of the app's manifest where there is none. */
  from: string;
  /** By their paths below the template's folder. */
  files: ReadonlyMap<string, Bytes>;
  /** What is different for this pull request, by the same paths. */
  overrides?: { from: string; files: ReadonlyMap<string, Bytes> };
  /** The app's own, with `preview: true`. */
  manifest?: { from: string; manifest: Manifest };
  /** The previews live in the same repository and on the same branch. */
  isBeside?: boolean;
  /** Files at or below another path of the same commit, by their paths in the repository. */
  below?(path: RepoPath): Promise<ReadonlyMap<RepoPath, Bytes>>;
}

export interface PreviewPorts {
  /** Where previews live. */
  repository: ConfigRepository;
  /** The templates, at the tip that is decided on where they lie in the same repository. */
  loadTemplate(tip: Snapshot): Promise<PreviewTemplate>;
  templates: Templates;
  manifests: Manifests;
  kustomizations: Kustomizations;
  /** With `render`. */
  builder: ManifestBuilder;
  /** What the forge says now; undefined where nobody may be asked: events alone decide. */
  pulls: Pulls | undefined;
  clock: Clock;
  logger: Logger;
  /** A tip of `repository` that was opened already, for the first attempt. */
  first?: Snapshot | undefined;
}

export interface PreviewRequest {
  app: AppName;
  number: number;
  actor: Actor;
  request: RequestId;
  author: Identity | undefined;
  plan: boolean;
}

export interface UpRequest extends PreviewRequest {
  event: Event;
  /** Somebody asks for it now, and no event. */
  byName: boolean;
  /** Who opened the pull request, where the event told it. */
  pullAuthor: string | undefined;
  /** `owner/name` of the pull request's repository, where the config names it. */
  repository?: string | undefined;
  /** The source branch, untrusted. */
  branch: string | undefined;
  /** The branch that it goes into, whose templates are rendered; undefined: the default branch. */
  base?: string | undefined;
  /** Who vouches for the commit; undefined: nobody, and it goes up only where that was said of it before. */
  trust: Trust | undefined;
  /** With digests that are known to be there. */
  images: Readonly<Record<string, PreviewImage>>;
  settings: PreviewSettings;
  /** Its data are to be filled anew, whatever is there of them. */
  reseed: boolean;
}

export const upStates = ["created", "updated", "unchanged", "refused"] as const;

export interface UpResult {
  state: (typeof upStates)[number];
  /** Why it is not up, in one line; its code beside it. */
  refusal: { code: string; seen: string; fix: string } | undefined;
  commit: Sha | undefined;
  preview: Preview | undefined;
  /** What had to go for it. */
  evicted: readonly Preview[];
  changes: readonly FileChange[];
}

export interface DownRequest extends PreviewRequest {
  /** Undefined: whatever stands there goes. */
  event: EventTime | undefined;
  because: (typeof goneBecause)[number];
}

export interface DownResult {
  /** `removed`: there was one. `closed`: there was none, and nothing older can make one now. */
  state: "removed" | "closed" | "unchanged" | "refused";
  refusal: { code: string; seen: string; fix: string } | undefined;
  commit: Sha | undefined;
  preview: Preview | undefined;
  changes: readonly FileChange[];
}
