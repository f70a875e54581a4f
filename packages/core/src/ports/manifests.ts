import type { Bytes } from "./config-repository.ts";

/** What a Kubernetes object says of itself. */
export interface ManifestObject {
  kind: string;
  name: string;
  /** Undefined: it says none. */
  namespace: string | undefined;
}

/** Reads rendered manifests. */
export interface Manifests {
  /**
   * The objects in a file, YAML of one or several documents, or JSON. Those in a `List` count each.
   * @throws UserError `preview/manifest` when it is neither, or something in it is no Kubernetes object
   */
  objectsIn(path: string, content: Bytes): readonly ManifestObject[];
}
