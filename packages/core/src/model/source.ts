/** Which of the versions that a source lists count, and in which order. */
export interface Constraint {
  /**
   * `semver`: semantic versions in a range of node-semver. `build`: what is a number or a date, the greatest first.
   * `name`: one name that moves, such as the tag `main`: its digest is the version.
   */
  order:
    | { kind: "semver"; range: string; prereleases: boolean }
    | { kind: "build"; as: "number" | "date" }
    | { kind: "name"; name: string };
  /**
   * A regular expression of RE2 that the whole name must match; undefined: any. What its first group holds is compared
   * in place of the name.
   */
  pattern: string | undefined;
  /** Globs over names that never count. */
  ignore: readonly string[];
}

/** Tags of an image. `set`: further images, all of which must have the same tag before it counts. */
export interface OciPart extends Constraint {
  kind: "oci";
  image: string;
  set: readonly string[];
}

/** Versions of a Helm chart. `repository`: the URL of an HTTP repository, or `oci://…` without the chart's name. */
export interface HelmPart extends Constraint {
  kind: "helm";
  repository: string;
  chart: string;
}

/** Tags of a Git repository, or with an order by `name` one of its branches. `repository`: a URL or `owner/name`. */
export interface GitPart extends Constraint {
  kind: "git";
  repository: string;
  refs: "tags" | "branch";
}

/** Releases of a repository on a forge. */
export interface ReleasesPart extends Constraint {
  kind: "releases";
  /** `owner/name`. */
  repository: string;
  on: "github" | "gitlab";
}

export type SourcePart = OciPart | HelmPart | GitPart | ReleasesPart;

/**
 * Where new versions of an app come from, beside what CI builds. The first part names the version; of each further one
 * the newest goes into the same artifact.
 */
export interface Source {
  parts: readonly [SourcePart, ...SourcePart[]];
  /** How many of the newest versions of the first part become artifacts. */
  limit: number;
}

/** What is followed, as the artifact names its source: `ghcr.io/acme/web`, `charts.acme.dev/web`, `acme/web`. */
export function nameOfPart(part: SourcePart): string {
  switch (part.kind) {
    case "oci":
      return part.image;
    case "helm":
      return `${part.repository.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "")}/${part.chart}`;
    case "git":
    case "releases":
      return part.repository
        .replace(/^[a-z]+:\/\/(?:[^@/]*@)?/, "")
        .replace(/^[^@/]+@([^:/]+):/, "$1/")
        .replace(/\.git$/, "");
  }
}
