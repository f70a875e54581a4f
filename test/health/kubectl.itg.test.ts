import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesServer, programInPath } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Asking, askedGate, carrying, image } from "./asked-gate.ts";

// A real kubectl, that asks a strict server as it would ask a cluster's.

let server: KubernetesServer;
let folder: string;
let pair: { key: string; cert: string };

// Needs openssl: kubectl sends no token in the open.
function keyPair(folder: string) {
  const args = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

beforeEach(async () => {
  expect(programInPath("kubectl")).toMatch(/kubectl/);
  folder = mkdtempSync(join(tmpdir(), "glu-kubectl-"));
  pair = keyPair(folder);
  server = await KubernetesServer.start(pair);
  server.token("t0ken", "deployments shop", "kustomizations flux-system");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority-data": btoa(pair.cert) } }],
    users: [
      { name: "glu", user: { token: "t0ken" } },
      { name: "nobody", user: { token: "old" } },
    ],
    contexts: ["glu", "nobody"].map((user) => ({ name: user, context: { cluster: "c", user } })),
    "current-context": "glu",
  };
  writeFileSync(join(folder, "kubeconfig"), JSON.stringify(config));
});
afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const asked = (given: object, kubectl: object = {}, asking: Asking = {}) =>
  askedGate(
    "health",
    { kubernetes: { name: "web", namespace: "shop", kubectl: { kubeconfig: "kubeconfig", ...kubectl }, ...given } },
    { releasedAgo: 60_000, cwd: folder, ...asking },
  );

const spec = { replicas: 1, template: { spec: { containers: [{ name: "web", image: image.ref }] } } };
const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };

it("reads a Deployment, and a Kustomization of Flux", async () => {
  server.put("Deployment", "shop", "web", { spec, status });
  expect(await asked({})).toMatchObject({
    met: true,
    seen: "Deployment web is rolled out: 1 of 1 replicas are available",
  });
  const ready = { type: "Ready", status: "True", reason: "ReconciliationSucceeded", message: "" };
  const applied = { observedGeneration: 1, conditions: [ready], lastAppliedRevision: `main@sha1:${carrying}` };
  server.put("Kustomization", "flux-system", "apps", { status: applied });
  const flux = { flux: { name: "apps", kubectl: { kubeconfig: join(folder, "kubeconfig") } } };
  expect(await askedGate("health", flux, { releasedAgo: 60_000 })).toMatchObject({ met: true });
});

it("says what is not there, and what may not be seen", async () => {
  expect(await asked({})).toMatchObject({ code: "health/not-found", seen: "there is no Deployment web in shop" });
  expect(await asked({ namespace: "other" })).toMatchObject({ code: "health/denied", unknown: true });
  expect(await asked({}, { context: "nobody" })).toMatchObject({ code: "health/denied", unknown: true });
  expect(await asked({}, { context: "no-such" })).toMatchObject({ code: "health/status", unknown: true });
  expect(await asked({}, { kubeconfig: "/nowhere" })).toMatchObject({ code: "health/status", unknown: true });
});

it("does not wait for a cluster that does not answer", async () => {
  server.faults = Array.from({ length: 20 }, () => ({ kind: "silent" }) as const);
  const gate = await asked({ timeout: "2s" });
  expect(gate).toMatchObject({ met: false, outcome: "held", code: "health/status", unknown: true });
  expect(gate.seen).toContain("did not end in time");
});

it("by its API trusts the authority that the config names, and no other", async () => {
  server.put("Deployment", "shop", "web", { spec, status });
  const api = { url: server.url, token: { env: "KUBE_TOKEN" }, retries: 0 };
  const byApi = (more: object) =>
    askedGate(
      "health",
      { kubernetes: { name: "web", namespace: "shop", ...api, ...more } },
      { releasedAgo: 60_000, env: { KUBE_TOKEN: "t0ken", KUBE_CA: btoa(pair.cert) }, secrets: ["t0ken"] },
    );
  expect(await byApi({})).toMatchObject({ code: "http/certificate", unknown: true });
  expect(await byApi({ ca: pair.cert })).toMatchObject({ met: true });
  expect(await byApi({ ca: { env: "KUBE_CA" } })).toMatchObject({ met: true });
  expect(await byApi({ ca: "no certificate" })).toMatchObject({ code: "health/ca", unknown: true });
  expect(await byApi({ ca: "bm8gY2VydGlmaWNhdGU=" })).toMatchObject({ code: "health/ca", unknown: true });
});
