import { UserError } from "../errors.ts";
import type { ArtifactId } from "../model/names.ts";

/** What was asked for: the input `artifact`, parsed. */
export type ArtifactSelector =
  | { kind: "latest" }
  | { kind: "id"; id: ArtifactId }
  | { kind: "digest"; digest: string }
  | { kind: "path"; path: string };

/** `latest`, an id, `sha256:…`, or a path to an artifact's JSON (it has a `/` or ends in `.json`). */
export function parseArtifactSelector(value: string): ArtifactSelector {
  if (value === "latest") return { kind: "latest" };
  if (/^\d{8}t\d{6}z-[0-9a-f]{12}$/.test(value)) return { kind: "id", id: value as ArtifactId };
  if (/^sha256:[0-9a-f]{64}$/.test(value)) return { kind: "digest", digest: value };
  if ((value.includes("/") || value.endsWith(".json")) && !value.startsWith("-")) return { kind: "path", path: value };
  throw new UserError("input/artifact", `${JSON.stringify(value)} names no artifact.`, {
    seen: value,
    fix: "Give an id (20261121t070000z-0123456789ab), a digest (sha256:…), a path to its JSON, or latest.",
  });
}
