import type { Digest } from "../model/names.ts";

/** An OCI registry, read only. */
export interface Registry {
  /**
   * The digest that `name:tag` points to now.
   * Errors: `registry/not-found`, `registry/unauthorised`, `registry/unreachable`.
   */
  resolve(name: string, tag: string): Promise<Digest>;
}
