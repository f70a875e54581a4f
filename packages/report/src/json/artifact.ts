import type { ArtifactReport } from "../report.ts";
import { type Json, plain } from "./json.ts";
import { costJson } from "./release.ts";

/** `glu.artifact-created.v1`, with `id` and `digest` on top. */
export function artifactJson(report: ArtifactReport): { [name: string]: Json } {
  const { artifact, digest, result, store, requested, notices, cost } = report;
  return {
    schema: "glu.artifact-created.v1",
    result,
    id: artifact.id,
    digest,
    app: artifact.app,
    store: store === undefined ? null : { location: store.location, ref: store.ref },
    requested: requested === undefined ? null : { target: requested.target, url: requested.url ?? null },
    artifact: plain(artifact),
    notices: [...notices],
    cost: costJson(cost),
  };
}
