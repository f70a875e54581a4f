import { ArgocdServer, type PutApplication } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Asking, askedGate, before, carrying, image } from "./asked-gate.ts";

let server: ArgocdServer;
beforeEach(async () => {
  server = await ArgocdServer.start();
  server.token("t0ken", "default", "shop");
});
afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const env = { ARGOCD_TOKEN: "t0ken" };
const asked = (more: object = {}, asking: Asking = {}) =>
  askedGate(
    "health",
    {
      argocd: {
        url: server.url,
        application: "{{ app }}-{{ env }}",
        token: { env: "ARGOCD_TOKEN" },
        retries: 0,
        ...more,
      },
    },
    { env, releasedAgo: 60_000, ...asking },
  );

const well = (revision: string): PutApplication => ({
  spec: { syncPolicy: { automated: {} } },
  status: {
    sync: { status: "Synced", revision },
    health: { status: "Healthy" },
    reconciledAt: new Date().toISOString(),
    summary: {},
  },
});

describe("an application", () => {
  it("that is healthy at a commit that has the release is met, and its page linked", async () => {
    server.put("web-production", well(carrying));
    expect(await asked()).toMatchObject({
      met: true,
      seen: `web-production is Healthy, and Synced at ${carrying}`,
      url: `${server.url}/applications/web-production`,
    });
    expect(server.asked).toEqual(["GET /api/v1/applications/web-production"]);
  });

  it("that is healthy at another commit is held, unless the digest is live", async () => {
    server.put("web-production", well(before));
    expect(await asked()).toMatchObject({ met: false, outcome: "held", code: "health/not-synced" });
    const status = { ...well(before).status, summary: { images: [image.ref] } };
    server.put("web-production", { status });
    expect((await asked()).met).toBe(true);
  });

  it("that nothing has looked at yet is unknown", async () => {
    server.put("web-production");
    expect(await asked()).toMatchObject({ met: false, outcome: "held", unknown: true });
  });

  it("whose rollout is over its deadline fails the release at once, and holds before one", async () => {
    const health = { status: "Degraded", message: 'Deployment "web" exceeded its progress deadline' };
    const { status } = well(carrying);
    const resources = [{ group: "apps", kind: "Deployment", name: "web", namespace: "web", health }];
    server.put("web-production", { status: { ...status, health: { status: "Degraded" }, resources } });
    expect(await asked()).toMatchObject({ met: false, outcome: "refused", code: "health/failed", synced: true });
    expect(await asked({}, { releasedAgo: undefined as never })).toMatchObject({ met: false, outcome: "held" });
  });

  it("of several all must be healthy, and it is said which is not", async () => {
    server.put("web-production", well(carrying));
    server.put("api", well(before));
    const gate = await asked({ application: ["{{ app }}-{{ env }}", "api"] });
    expect(gate).toMatchObject({ met: false, seen: expect.stringMatching(/^api does not have the release yet/) });
    expect(gate.synced).toBeUndefined();
  });

  it("of another namespace and project is asked for there", async () => {
    server.put("web-production", { ...well(carrying), namespace: "team", project: "shop" });
    expect((await asked({ namespace: "team", project: "shop" })).met).toBe(true);
    expect(server.asked).toEqual(["GET /api/v1/applications/web-production?appNamespace=team&project=shop"]);
  });
});

describe("nobody knows", () => {
  it("of one that is not there, or may not be seen: Argo CD says the same of both", async () => {
    const gate = await asked();
    expect(gate).toMatchObject({ code: "health/denied", outcome: "held", unknown: true });
    expect(gate.seen).toContain("answers 403: permission denied");
    server.put("web-production", { ...well(carrying), project: "secret" });
    expect(await asked()).toMatchObject({ code: "health/denied", unknown: true });
  });

  it("of one that is missing in a project that may be seen", async () => {
    expect(await asked({ project: "shop" })).toMatchObject({
      code: "health/not-found",
      outcome: "held",
      unknown: true,
    });
  });

  it("without a token that is taken, and the token is not said", async () => {
    expect(await asked({}, { env: {} })).toMatchObject({ code: "health/no-variable", unknown: true });
    expect(server.asked).toEqual([]);
    const gate = await asked({}, { env: { ARGOCD_TOKEN: "stale" } });
    expect(gate).toMatchObject({ code: "health/denied", unknown: true });
    expect(JSON.stringify(gate)).not.toContain("stale");
  });

  it.each([
    ["a broken one", { kind: "status", status: 500 }, "health/status"],
    ["one that ends the connection", { kind: "reset" }, "http/unreachable"],
    ["one that says nothing", { kind: "silent" }, "http/timeout"],
    [
      "one that redirects for ever",
      { kind: "status", status: 302, headers: { location: "/auth/login" } },
      "health/not-json",
    ],
    [
      "one that redirects to another host",
      { kind: "status", status: 302, headers: { location: "ftp://a.test/" } },
      "http/redirect",
    ],
    ["a page", { kind: "body", body: "<html>" }, "health/not-json"],
    ["JSON of something else", { kind: "body", body: '{"metadata":{"name":1}}' }, "health/not-json"],
    ["null", { kind: "body", body: "null" }, "health/not-json"],
    ["too much", { kind: "body", body: `"${"x".repeat(4_100_000)}"` }, "http/too-large"],
  ] as const)("of %s", async (_, fault, code) => {
    const isLogin =
      fault.kind === "status" && fault.status === 302 && "headers" in fault && fault.headers.location === "/auth/login";
    server.faults = isLogin ? [fault, { kind: "body", body: "<html>log in</html>" }] : [fault];
    const gate = await asked({ timeout: "1s" });
    expect(gate).toMatchObject({ met: false, outcome: "held", code, unknown: true });
    expect(gate.seen).not.toContain("<html>");
  });

  it("what a server gives back of the token is not said", async () => {
    server.faults = [{ kind: "status", status: 418, body: '{"message":"you sent Bearer t0ken\\n::warning::x"}' }];
    const gate = await asked();
    expect(gate.seen).toContain("you sent Bearer *** ::warning::x");
  });

  it("of a name that is none", async () => {
    expect(await asked({ application: "{{ bad }}" })).toMatchObject({ code: "health/template", unknown: true });
    expect(server.asked).toEqual([]);
  });
});

it("asks again while it is busy", async () => {
  server.put("web-production", well(carrying));
  server.faults = [{ kind: "status", status: 503 }, { kind: "reset" }];
  expect((await asked({ retries: 2 })).met).toBe(true);
  expect(server.asked).toHaveLength(3);
});
