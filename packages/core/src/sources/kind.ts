import type { Artifact, Version } from "../model/artifact.ts";
import type { App } from "../model/pipeline.ts";
import type { SourcePart } from "../model/source.ts";
import type { SourcePorts } from "../ports/source-ports.ts";

/** A version as it is listed. */
export interface Listed {
  name: string;
  /** What it is exactly, where the list tells: a commit, a digest. */
  id?: string | undefined;
  /** What is not there of it yet, such as images of a set; none: all is. */
  missing?: readonly string[];
  /** Whether whoever published it says that it is a pre-release, whatever it is called. */
  prerelease?: boolean;
}

/** A version of which something is not there: half of a set. */
export interface Half {
  missing: readonly string[];
}

/** What a version is exactly: names (of images, `chart`, `commit`) to digests or commits. Enough to know it again. */
export type Pinned = Readonly<Record<string, string>>;

/** What a version brings into an artifact. */
export interface Facts {
  version: Omit<Version, "repositoryName" | "event" | "branch"> & Partial<Pick<Version, "event" | "branch">>;
  /** RFC 3339. Undefined when it does not say when it was made. */
  committedAt: string | undefined;
  images?: Artifact["images"];
  vars?: Readonly<Record<string, string>>;
}

/** Things of one name of which it is not known that they belong together. */
export interface Apart {
  apart: string;
}

/** A kind of source. What it asks costs more from step to step, and is asked only when it must be known. */
export interface SourceKind<Part extends SourcePart> {
  kind: Part["kind"];
  /** All versions, or with an order by name that one. */
  list(part: Part, ports: SourcePorts): Promise<readonly Listed[]>;
  /** What a version is exactly. Is asked of versions that were listed as a whole, and may be gone meanwhile. */
  pin(part: Part, listed: Listed, ports: SourcePorts): Promise<{ pinned: Pinned } | Half>;
  /** Images of a moving tag may turn out not to belong together, or not to say whether they do. */
  read(part: Part, listed: Listed, pinned: Pinned, at: { app: App; ports: SourcePorts }): Promise<Facts | Apart>;
}
