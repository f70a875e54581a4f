import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import type { CommitCheck, RepositoryCommit } from "../ports/checks.ts";
import type { HttpAnswer } from "../ports/outside.ts";
import { type Looking, looked } from "../test-kit/looking.ts";
import { someTip, start } from "../test-kit/memory.ts";
import type { ReleaseInPlace } from "./gate.ts";
import { health } from "./health.ts";

const cluster = { url: "https://k8s.test", token: { env: "KUBE_TOKEN" }, retries: 0 };
const workload = { name: "web", namespace: "shop" };
const secret = () => "abc";
const own: RepositoryCommit = { repository: "acme/config", commit: "d".repeat(40) };
const releasedAt = (commit: RepositoryCommit | undefined, has: string[] = []): ReleaseInPlace => ({
  commit,
  releasedAt: start - 60_000,
  isIn: async (revision) => has.includes(revision),
});

describe("who is asked", () => {
  const object = JSON.stringify({
    metadata: { name: "web", generation: 1 },
    spec: { replicas: 0, template: { spec: { containers: [{ image: "ghcr.io/acme/web:1.3" }] } } },
    status: { observedGeneration: 1 },
  });

  it("by kubectl is asked without a shell, and not for a plan", async () => {
    const runs: (readonly string[])[] = [];
    const run = async ({ argv }: { argv: readonly string[] }) => {
      runs.push(argv);
      return { code: 0, output: `Warning: old\n${JSON.stringify(JSON.parse(object), undefined, 2)}\nmore\n` };
    };
    const given = { kubernetes: { ...workload, kubectl: { context: "prod", kubeconfig: "k.yaml" } } };
    const planned = await looked(health, given, { plan: true, outside: { commands: { run } } });
    expect([planned.met, planned.seen, runs]).toEqual([true, "is looked at when this is promoted", []]);
    expect(await looked(health, given, { outside: { commands: { run } } })).toMatchObject({ met: true });
    expect(await looked(health, given, { outside: { commands: { run } }, release: releasedAt(own) })).toMatchObject({
      met: true,
    });
    const [argv] = runs;
    expect(argv?.slice(0, 5)).toEqual(["kubectl", "get", "deployments.v1.apps", "web", "--namespace=shop"]);
    expect(argv?.slice(5)).toEqual(["--output=json", "--context=prod", "--kubeconfig=k.yaml"]);
  });

  it("by the API is asked for a plan, too", async () => {
    const ask = async (): Promise<HttpAnswer> => ({ status: 200, headers: {}, body: object });
    const given = { kubernetes: { ...workload, ...cluster } };
    const gate = await looked(health, given, { plan: true, outside: { http: { ask }, secret } });
    expect(gate).toMatchObject({ met: true, seen: expect.stringContaining("is rolled out") });
  });

  it("is asked once a run for the place, and once more for each release", async () => {
    let asked = 0;
    const ask = async (): Promise<HttpAnswer> => {
      asked++;
      return { status: 200, headers: {}, body: object };
    };
    const cache = new Map();
    const given = { kubernetes: { ...workload, ...cluster } };
    const at = (release?: Looking["release"]) =>
      looked(health, given, { cache, outside: { http: { ask }, secret }, release });
    await at();
    await at();
    expect(asked).toBe(1);
    const first = await at(releasedAt(own));
    await at(releasedAt(own));
    expect([asked, first.met]).toEqual([2, true]);
    await at(releasedAt(someTip));
    expect(asked).toBe(3);
  });
});

describe("statuses", () => {
  const of = (commits: Record<string, CommitCheck["state"]>): NonNullable<Looking["outside"]> => ({
    checks: {
      of: async ({ commit }) => {
        const state = commits[commit];
        return state === undefined
          ? []
          : [{ name: "kustomization/apps/1", state, said: state, since: undefined, url: undefined }];
      },
    },
  });
  const asked = (commits: Record<string, CommitCheck["state"]>, release?: Looking["release"]) =>
    looked(health, { status: { context: "kustomization/apps/*" } }, { outside: of(commits), release });
  const tip = someTip.commit;

  it("before a release are those of the commit that is decided on", async () => {
    expect(await asked({ [tip]: "succeeded" })).toMatchObject({ met: true });
    expect(await asked({ [tip]: "failed" })).toMatchObject({ met: false, outcome: "held" });
  });

  it("of a release are those of its commit, and of the newest that has it", async () => {
    expect(await asked({ [own.commit]: "succeeded" }, releasedAt(own))).toMatchObject({ met: true });
    expect(await asked({ [own.commit]: "failed" }, releasedAt(own))).toMatchObject({
      outcome: "refused",
      code: "health/failed",
    });
    expect(await asked({ [tip]: "succeeded" }, releasedAt(own))).toMatchObject({
      met: false,
      code: "health/no-status",
    });
    expect(await asked({ [tip]: "succeeded" }, releasedAt(own, [tip]))).toMatchObject({ met: true });
    expect(await asked({ [tip]: "succeeded" }, releasedAt(undefined, [tip]))).toMatchObject({ met: true });
    expect(await asked({ [tip]: "succeeded" }, releasedAt(undefined))).toMatchObject({ code: "health/no-proof" });
  });

  it("that a forge does not show are held", async () => {
    const checks = {
      of: async () => {
        throw new OutsideError("checks/forbidden", "The token may not see them.");
      },
    };
    const gate = await looked(health, { status: { context: "a" } }, { outside: { checks } });
    expect(gate).toMatchObject({ met: false, outcome: "held", code: "checks/forbidden" });
  });
});

describe("its options", () => {
  const argocd = { url: "https://argo.test", application: "web", token: { env: "T" } };
  it.each([
    {},
    { argocd, status: { context: "a" } },
    { argocd: { ...argocd, url: "http://argo.test" } },
    { argocd: { ...argocd, url: "https://argo.test/?x=1" } },
    { argocd: { ...argocd, url: "https://{{ app }}.test" } },
    { argocd: { ...argocd, url: "https://me:secret@argo.test" } },
    { argocd: { ...argocd, application: [] } },
    { kubernetes: workload },
    { kubernetes: { ...workload, url: "https://k8s.test" } },
    { kubernetes: { ...workload, ...cluster, url: "http://k8s.test" } },
    { kubernetes: { ...workload, ...cluster, kubectl: true } },
    { kubernetes: { ...workload, kubectl: true, token: { env: "T" } } },
    { kubernetes: { ...workload, kubectl: { context: "--all" } } },
    { kubernetes: { ...workload, kubectl: false } },
    { kubernetes: { ...workload, kubectl: true, kind: "Pod" } },
    { flux: { name: "apps" } },
    { flux: { name: "apps", kubectl: true, kind: "GitRepository" } },
    { status: {} },
  ])("cannot be %j", (given) => {
    expect(health.options?.safeParse(given).success).toBe(false);
  });

  it.each([
    { argocd },
    { argocd: { ...argocd, application: ["a", "b"], url: "http://127.0.0.1:8080" } },
    { kubernetes: { ...workload, ...cluster, ca: { env: "CA" } } },
    { kubernetes: { ...workload, kubectl: true, kind: "DaemonSet" } },
    { flux: { name: "apps", kind: "HelmRelease", kubectl: { variables: { AWS_PROFILE: "a" } } } },
    { status: { context: ["a", "!b"] } },
  ])("can be %j", (given) => {
    expect(health.options?.safeParse(given).error).toBeUndefined();
  });
});
