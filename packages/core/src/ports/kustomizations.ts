import type { Bytes } from "./config-repository.ts";

/** The names of a kustomization's file, in the order in which Kustomize looks for them. */
export const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

/** Another file or folder that a kustomization names. */
export interface KustomizationReference {
  /** Where it stands, such as `resources[0]`. */
  selector: string;
  /** As it stands there: a path from the kustomization's folder, or an address. */
  path: string;
  /** `resource`: a file, a folder with a kustomization, or an address of one. `file`: a file below the folder. */
  is: "resource" | "file";
}

export interface Kustomization {
  namespace: string | undefined;
  references: readonly KustomizationReference[];
}

/** Reads kustomizations, and edits them byte-exact. */
export interface Kustomizations {
  /** @throws UserError `preview/kustomization` */
  read(path: string, content: Bytes): Kustomization;
  /**
   * Puts other references in the places of some, and one more resource after the others.
   * @param set by selector
   * @throws UserError `preview/kustomization` when it cannot be done exactly
   */
  edit(path: string, content: Bytes, change: { set: ReadonlyMap<string, string>; add: string | undefined }): Bytes;
}
