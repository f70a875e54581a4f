import type { Artifact } from "@glu/core";
import { artifactForTest } from "./artifact-for-test.ts";

/** Two artifacts that share an id: their digests begin with the same 48 bits. Found by trying 2^24 of them. */
export function collidingArtifacts(): [Artifact, Artifact] {
  return [artifactForTest(0, { vars: { nonce: "8223906" } }), artifactForTest(0, { vars: { nonce: "9237885" } })];
}
