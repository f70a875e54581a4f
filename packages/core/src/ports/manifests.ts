import type { Bytes } from "./config-repository.ts";

/** What a Kubernetes object says of itself. */
export interface ManifestObject {
  /** Such as `apps/v1`. */
  apiVersion?: string;
  kind: string;
  name: string;
  /** Undefined: it says none. */
  namespace: string | undefined;
}

/**
 * What a file is. `objects`: it has something that says what it is, as Kubernetes objects do. `values`: a mapping that
 * does not, such as values of a chart. `empty`: nothing stands in it. `other`: anything else.
 */
export type FileKind = "objects" | "values" | "empty" | "other";

/** Reads rendered manifests, and values. */
export interface Manifests {
  /**
   * The objects in a file, YAML of one or several documents, or JSON. Those in a `List` count each.
   * @throws UserError `preview/manifest` when it is neither, or something in it is no Kubernetes object
   */
  objectsIn(path: string, content: Bytes): readonly ManifestObject[];
  /**
   * The objects in a file beside which other things may stand: none in what is no YAML by its name.
   * @throws UserError `preview/manifest` when it is YAML by its name alone
   */
  objectsAmong(path: string, content: Bytes): readonly ManifestObject[];
  kindOf(path: string, content: Bytes): FileKind;
  /**
   * Two files of values as one, which means to Helm what both do, the upper one given last: maps merge, anything else
   * is replaced, null stands and takes a default of the chart away.
   * @throws UserError `preview/manifest` when one is no mapping
   */
  mergeValues(path: string, lower: Bytes, upper: Bytes): Bytes;
  /**
   * Names a namespace in each object that names none, and changes no other byte.
   * @param isOf whether it is an object of a namespace
   * @throws UserError `preview/manifest`
   */
  inNamespace(path: string, content: Bytes, namespace: string, isOf: (object: ManifestObject) => boolean): Bytes;
}
