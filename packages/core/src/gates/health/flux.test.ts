import { expect, it } from "vitest";
import { artifactOf } from "../../test-kit/memory.ts";
import { appliedBy, fluxObject, judgeFlux, showsArtifact } from "./flux.ts";

const artifact = artifactOf("web", 3);
const { ref, digest, name } = artifact.images.web!;
const wanted = { images: Object.values(artifact.images), releasedAt: 0 };
const revision = `main@sha1:${"b".repeat(40)}`;

const condition = (type: string, status: string, reason = "Any", message = "because") => ({
  type,
  status,
  reason,
  message,
});
const ready = condition("Ready", "True", "ReconciliationSucceeded");
const object = (status: object, spec: object = {}, more: object = {}) =>
  fluxObject.parse({
    kind: "Kustomization",
    ...more,
    metadata: { name: "apps", generation: 2 },
    spec,
    status: { observedGeneration: 2, lastAppliedRevision: revision, conditions: [ready], ...status },
  });

const [here, elsewhere, nobodyKnows] = [true, false, undefined];
const unready = (reason: string) => ({ conditions: [condition("Ready", "False", reason)] });

it.each<[string, object, object, boolean | undefined, boolean | undefined, object]>([
  ["applied, and ready", {}, {}, here, here, { state: "healthy" }],
  ["ready at an older commit", {}, {}, elsewhere, elsewhere, { state: "waits", code: "health/not-synced" }],
  ["ready, and nobody knows where", {}, {}, nobodyKnows, nobodyKnows, { state: "unknown", code: "health/no-proof" }],
  ["suspended", {}, { suspend: true }, here, here, { state: "waits", code: "health/suspended", synced: true }],
  [
    "not seen since it changed",
    { observedGeneration: 1 },
    {},
    here,
    here,
    { state: "waits", code: "health/progressing" },
  ],
  [
    "checking health",
    {
      conditions: [
        condition("Ready", "Unknown", "Progressing"),
        condition("Reconciling", "True", "Progressing", "Running health checks for revision x"),
      ],
    },
    {},
    elsewhere,
    here,
    { state: "waits", code: "health/not-synced", synced: true },
  ],
  [
    "building",
    {
      conditions: [
        condition("Ready", "Unknown", "Progressing"),
        condition("Reconciling", "True", "Progressing", "Building manifests"),
      ],
    },
    {},
    elsewhere,
    here,
    { state: "waits", code: "health/not-synced", synced: undefined },
  ],
  [
    "with a failed health check, which is tried again",
    unready("HealthCheckFailed"),
    {},
    elsewhere,
    here,
    { state: "waits", synced: true, seen: expect.stringContaining("HealthCheckFailed: because") },
  ],
  ["with a failed build", unready("BuildFailed"), {}, elsewhere, here, { state: "waits", synced: undefined }],
  [
    "applied, and not ready since",
    unready("HealthCheckFailed"),
    {},
    here,
    here,
    { state: "waits", code: "health/degraded", synced: true },
  ],
  [
    "stalled with it",
    { conditions: [condition("Ready", "False"), condition("Stalled", "True", "RetriesExceeded")] },
    {},
    elsewhere,
    here,
    { state: "failed", seen: "Kustomization apps is stalled: RetriesExceeded: because" },
  ],
  [
    "stalled before it",
    { conditions: [condition("Ready", "False"), condition("Stalled", "True")] },
    {},
    elsewhere,
    elsewhere,
    { state: "waits" },
  ],
  ["no longer stalled", { conditions: [ready, condition("Stalled", "False")] }, {}, here, here, { state: "healthy" }],
  ["that has no status", { conditions: undefined }, {}, here, here, { state: "waits", code: "health/progressing" }],
])("a Kustomization %s", (_, status, spec, applied, attempted, said) => {
  expect({ synced: undefined, ...judgeFlux(object(status, spec), wanted, { applied, attempted }) }).toMatchObject(said);
});

it.each<[string, object, object, string]>([
  ["ready", {}, {}, "healthy"],
  ["not ready", unready("BuildFailed"), {}, "waits"],
  ["stalled", { conditions: [condition("Stalled", "True")] }, {}, "waits"],
  ["suspended", {}, { suspend: true }, "waits"],
])("before a release, one that is %s", (_, status, spec, state) => {
  const judged = judgeFlux(object(status, spec), undefined, { applied: undefined, attempted: undefined });
  expect(judged.state).toBe(state);
  expect(judged.synced).toBeUndefined();
});

const chart = { ...artifact, images: {}, vars: { chart: "web", chartVersion: "2.0.0" } };
const history = (chartVersion: string) => ({ history: [{ chartName: "web", chartVersion }] });
it.each<[string, object, object, typeof artifact, boolean | undefined]>([
  ["the reference", {}, { values: { image: ref } }, artifact, true],
  ["the digest alone", {}, { values: { image: { digest } } }, artifact, true],
  ["repository and tag", {}, { values: { image: { repository: name, tag: "1.3" } } }, artifact, true],
  [
    "registry, repository and tag",
    {},
    { values: { a: [{ registry: "ghcr.io", repository: "acme/web", tag: "1.3" }] } },
    artifact,
    true,
  ],
  ["another tag", {}, { values: { image: { repository: name, tag: "1.2" } } }, artifact, false],
  ["a tag alone", {}, { values: { image: { tag: "1.3" } } }, artifact, undefined],
  ["no values", {}, {}, artifact, undefined],
  ["its chart installed", history("2.0.0"), {}, chart, true],
  ["another version of its chart installed", history("1.9.0"), {}, chart, false],
  ["another chart installed", { history: [{ chartName: "db", chartVersion: "2.0.0" }] }, {}, chart, undefined],
])("a HelmRelease with %s", (_, status, spec, of, shown) => {
  expect(showsArtifact(object(status, spec, { kind: "HelmRelease" }), of)).toBe(shown);
});

it("a HelmRelease that gave up with it has failed", () => {
  const stalled = {
    conditions: [
      condition("Ready", "False", "UpgradeFailed"),
      condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 1 attempt(s)"),
    ],
  };
  const judged = judgeFlux(object(stalled, {}, { kind: "HelmRelease" }), wanted, { applied: true, attempted: true });
  expect(judged).toMatchObject({ state: "failed", seen: expect.stringContaining("after 1 attempt(s)") });
});

it("is known to be applied by what its labels name", () => {
  const labels = { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
  const found = fluxObject.parse({ kind: "HelmRelease", metadata: { name: "web", labels }, spec: {} });
  expect(appliedBy(found)).toEqual({ name: "apps", namespace: "flux-system" });
  expect(appliedBy(object({}))).toBeUndefined();
});
