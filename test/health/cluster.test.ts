import { KubernetesServer } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Asking, artifact, askedGate, before, carrying, image } from "./asked-gate.ts";

let server: KubernetesServer;
beforeEach(async () => {
  server = await KubernetesServer.start();
  server.token("t0ken", "deployments shop", "kustomizations flux-system", "helmreleases shop");
});
afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const env = { KUBE_TOKEN: "t0ken" };
const access = () => ({ url: server.url, token: { env: "KUBE_TOKEN" }, retries: 0 });
const deployment = (more: object = {}, asking: Asking = {}) =>
  askedGate(
    "health",
    { kubernetes: { name: "{{ app }}", namespace: "shop", ...access(), ...more } },
    { env, releasedAgo: 60_000, ...asking },
  );
const flux = (more: object = {}, asking: Asking = {}) =>
  askedGate("health", { flux: { name: "apps", ...access(), ...more } }, { env, releasedAgo: 60_000, ...asking });

const spec = (reference: string) => ({
  replicas: 2,
  template: { spec: { containers: [{ name: "web", image: reference }] } },
});
const done = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const ready = { type: "Ready", status: "True", reason: "ReconciliationSucceeded", message: "Applied revision" };
const applied = (sha: string) => ({
  observedGeneration: 1,
  conditions: [ready],
  lastAppliedRevision: `main@sha1:${sha}`,
  lastAttemptedRevision: `main@sha1:${sha}`,
});

describe("a Deployment", () => {
  it("that is rolled out with the image is met", async () => {
    server.put("Deployment", "shop", "web", { spec: spec(image.ref), status: done });
    expect(await deployment()).toMatchObject({
      met: true,
      seen: "Deployment web is rolled out: 2 of 2 replicas are available",
    });
    expect(server.asked).toEqual(["GET /apis/apps/v1/namespaces/shop/deployments/web"]);
  });

  it("on its way has arrived, and one of another image has not", async () => {
    server.put("Deployment", "shop", "web", { spec: spec(image.ref), status: { ...done, updatedReplicas: 1 } });
    expect(await deployment()).toMatchObject({ outcome: "held", code: "health/progressing", synced: true });
    server.put("Deployment", "shop", "web", { spec: spec(`${image.name}:1.2`), status: done });
    const gate = await deployment();
    expect(gate).toMatchObject({ outcome: "held", code: "health/not-synced" });
    expect(gate.synced).toBeUndefined();
    expect(await deployment({}, { releasedAgo: undefined as never })).toMatchObject({ met: true });
  });

  it("that is not there is held, and one that may not be seen is unknown", async () => {
    const gate = await deployment();
    expect(gate).toMatchObject({
      outcome: "held",
      code: "health/not-found",
      seen: "there is no Deployment web in shop",
    });
    expect(gate.unknown).toBeUndefined();
    expect(await deployment({ namespace: "other" })).toMatchObject({ code: "health/denied", unknown: true });
    expect(await deployment({ kind: "StatefulSet" })).toMatchObject({
      code: "health/denied",
      seen: expect.stringContaining('statefulsets.apps "web" is forbidden'),
      clearedBy: "the right to get statefulsets web in shop",
    });
    expect(await deployment({}, { env: { KUBE_TOKEN: "old" } })).toMatchObject({
      code: "health/denied",
      unknown: true,
    });
  });

  it.each([
    ["a page", { kind: "body", body: "<html>" }, "health/not-json"],
    ["another kind", { kind: "body", body: '{"kind":"Status"}' }, "health/not-json"],
    ["a broken server", { kind: "status", status: 500, body: "{}" }, "health/status"],
    ["another server", { kind: "status", status: 404, body: "not here" }, "health/not-found"],
    ["nobody", { kind: "reset" }, "http/unreachable"],
  ] as const)("of %s is unknown", async (_, fault, code) => {
    server.faults = [fault];
    expect(await deployment()).toMatchObject({ met: false, outcome: "held", code, unknown: true });
  });
});

describe("Flux", () => {
  it("has applied a commit that has the release", async () => {
    server.put("Kustomization", "flux-system", "apps", { status: applied(carrying) });
    expect(await flux()).toMatchObject({ met: true, seen: `Kustomization apps is ready at main@sha1:${carrying}` });
    server.put("Kustomization", "flux-system", "apps", { status: applied(before) });
    expect(await flux()).toMatchObject({ outcome: "held", code: "health/not-synced" });
  });

  it("gave up", async () => {
    const conditions = [
      { ...ready, status: "False", reason: "BuildFailed" },
      { type: "Stalled", status: "True", reason: "BuildFailed", message: "x" },
    ];
    server.put("Kustomization", "flux-system", "apps", {
      status: { ...applied(before), lastAttemptedRevision: `main@sha1:${carrying}`, conditions },
    });
    expect(await flux()).toMatchObject({ outcome: "refused", code: "health/failed" });
  });

  it("of an OCI artifact tells the commit that it was made from", async () => {
    const status = {
      ...applied(carrying),
      lastAppliedRevision: `latest@sha256:${"1".repeat(64)}`,
      lastAppliedOriginRevision: `main@sha1:${carrying}`,
    };
    server.put("Kustomization", "flux-system", "apps", { status });
    expect((await flux()).met).toBe(true);
  });

  it("has a HelmRelease installed as of what applied it", async () => {
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "apps",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    server.put("HelmRelease", "shop", "web", {
      labels,
      status: { observedGeneration: 1, conditions: [ready], history: [{ chartName: "web", chartVersion: "1.0.0" }] },
    });
    const asked = () => flux({ kind: "HelmRelease", name: "web", namespace: "shop" });
    server.put("Kustomization", "flux-system", "apps", { status: applied(before) });
    expect(await asked()).toMatchObject({ outcome: "held", code: "health/not-synced" });
    server.put("Kustomization", "flux-system", "apps", { status: applied(carrying) });
    expect(await asked()).toMatchObject({ met: true, seen: "HelmRelease web is ready at web 1.0.0" });
    server.put("HelmRelease", "shop", "web", { status: { observedGeneration: 1, conditions: [ready] } });
    expect(await asked()).toMatchObject({ outcome: "held", code: "health/no-proof", unknown: true });
  });

  it("has a HelmRelease whose images are those of before as of what applied it, where that is known", async () => {
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "apps",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    const status = { observedGeneration: 1, conditions: [ready] };
    const spec = { values: { image: image.ref } };
    server.put("HelmRelease", "shop", "web", { labels, spec, status });
    server.put("Kustomization", "flux-system", "apps", { status: applied(before) });
    const asked = (replaces?: typeof artifact) =>
      flux(
        { kind: "HelmRelease", name: "web", namespace: "shop" },
        { ...(replaces === undefined ? {} : { replaces }) },
      );
    expect(await asked()).toMatchObject({ met: true });
    expect(await asked(artifact)).toMatchObject({ outcome: "held", code: "health/not-synced" });
    server.put("Kustomization", "flux-system", "apps", { status: applied(carrying) });
    expect(await asked(artifact)).toMatchObject({ met: true });
    server.put("HelmRelease", "shop", "web", { spec, status });
    expect(await asked(artifact)).toMatchObject({ met: true });
  });

  it("is not installed", async () => {
    server.flux = false;
    expect(await flux()).toMatchObject({ code: "health/not-found", unknown: true });
  });
});
