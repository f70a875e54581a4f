import type { SourcePart } from "../model/source.ts";
import { git } from "./git.ts";
import { helm } from "./helm.ts";
import type { SourceKind } from "./kind.ts";
import { oci } from "./oci.ts";
import { releases } from "./releases.ts";

const kinds: { readonly [Kind in SourcePart["kind"]]: SourceKind<Extract<SourcePart, { kind: Kind }>> } = {
  oci,
  helm,
  git,
  releases,
};

/** What looks at a part of a source. */
export function kindOf(part: SourcePart): SourceKind<SourcePart> {
  return kinds[part.kind] as SourceKind<SourcePart>;
}
