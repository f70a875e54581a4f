import { type Artifact, artifactSchemaId, identify } from "@glu/core";

/** A small valid artifact; `number` makes its commit, and so its id, later and different. */
export function artifactForTest(number: number, overrides: Partial<Artifact> = {}): Artifact {
  const committedAt = new Date(Date.parse("2026-11-01T00:00:00Z") + number * 60_000).toISOString();
  const { id: _id, trace: _trace, ...rest } = overrides;
  return identify({
    schema: artifactSchemaId,
    app: "web",
    created: "2026-11-21T08:00:00.000Z",
    version: { repositoryName: "acme/web", sha: number.toString(16).padStart(40, "0"), branch: "main", event: "push" },
    committedAt,
    images: {},
    context: {},
    environments: [],
    items: [],
    vars: {},
    ...rest,
  }).artifact;
}
