import type { RepoPath } from "../model/names.ts";
import type { Bytes } from "./config-repository.ts";

/** What is run, by paths of the files that it is given. */
export type BuildRun =
  | { by: "kustomize"; folder: string }
  | {
      by: "helm";
      release: string;
      namespace: string;
      /** A folder of the files, or what Helm fetches. */
      chart: { folder: string } | { name: string; repository: string | undefined; version: string };
      /** The last one wins. */
      values: readonly string[];
    };

export interface ManifestBuild {
  /** All the files that there are for it. */
  files: ReadonlyMap<RepoPath, Bytes>;
  run: BuildRun;
}

/** Makes manifests by a program of the runner: in a folder of its own, without the job's tokens, bounded. */
export interface ManifestBuilder {
  /** @throws UserError `preview/build`, `preview/no-program`; OutsideError `preview/slow-build` */
  build(build: ManifestBuild): Promise<Bytes>;
}
