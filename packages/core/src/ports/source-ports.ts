import type { Digest } from "../model/names.ts";
import type { Registry } from "./registry.ts";
import type { SourceCommit } from "./source-repository.ts";

/** Registries of images, as far as sources look into them. */
export interface ImageCatalog extends Registry {
  /**
   * All tags of an image, in no order that means anything.
   * Errors: those of {@link Registry.resolve}, and `registry/too-many-tags`.
   */
  tags(name: string): Promise<readonly string[]>;
  /**
   * What an image says of itself. The same digest has always the same facts.
   * Errors: those of {@link Registry.resolve}, and `registry/digest-mismatch`.
   */
  facts(name: string, digest: Digest): Promise<ImageFacts>;
}

export interface ImageFacts {
  /** RFC 3339: when it was built; undefined when it does not say so. */
  createdAt: string | undefined;
  /** `org.opencontainers.image.revision`: the commit it was built from. */
  revision: string | undefined;
  /** Of a Helm chart: the version of what it deploys, as `Chart.yaml` says it. */
  appVersion?: string | undefined;
}

export interface ChartVersion {
  /** As the chart has it, with `+` for build metadata. */
  version: string;
  /** `sha256:…` of the packaged chart; undefined where the index does not say. */
  digest: Digest | undefined;
  /** RFC 3339. */
  createdAt: string | undefined;
  appVersion: string | undefined;
}

/** Helm repositories over HTTP, which are an index file. */
export interface ChartIndexes {
  /** The versions of one chart. Errors: `chart/…`. */
  versions(repository: string, chart: string): Promise<readonly ChartVersion[]>;
}

export interface ListedRef {
  /** Without `refs/tags/` or `refs/heads/`. */
  name: string;
  /** The commit: of an annotated tag what it names. */
  commit: string;
}

/** Git repositories that are only read. */
export interface GitRefs {
  /** All tags, or the one branch. Errors: `repository/…`. */
  list(repository: string, what: { tags: true } | { branch: string }): Promise<readonly ListedRef[]>;
  /** Undefined when the server does not give it. Errors: `repository/…`. */
  commit(repository: string, sha: string): Promise<SourceCommit | undefined>;
}

export interface ForgeRelease {
  tag: string;
  prerelease: boolean;
  url: string | undefined;
}

/** Releases on a forge; drafts are none. */
export interface Releases {
  /** Newest first, at least the last hundred. Errors: `forge/…`, `release/…`. */
  list(repository: string, on: "github" | "gitlab"): Promise<readonly ForgeRelease[]>;
  /** The commit that a tag names. Errors: `forge/…`, `release/…`. */
  commit(repository: string, on: "github" | "gitlab", tag: string): Promise<SourceCommit>;
}

/** All that sources look at. */
export interface SourcePorts {
  images: ImageCatalog;
  charts: ChartIndexes;
  git: GitRefs;
  releases: Releases;
}
