import type { CiContext, SourceRepository } from "@glu/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { actorOf } from "./actor.ts";
import { onOwnServer, serverOfCheckout } from "./own-server.ts";
import type { Surroundings } from "./surroundings.ts";

const remote = "https://gitlab.example/acme/config.git";
const gitlab = (more: Partial<CiContext> = {}) =>
  ({
    host: "gitlab",
    repository: "acme/config",
    serverUrl: "https://gitlab.example",
    apiUrl: "https://gitlab.example/api/v4",
    actor: { name: "ada", verified: false },
    ...more,
  }) as CiContext;

describe("the server of a GitLab job", () => {
  it("is the one that its repository was checked out from, whatever the variables say", () => {
    const told = gitlab({ serverUrl: "https://evil.example", apiUrl: "https://evil.example/api/v4" });
    const { context, notice } = onOwnServer(told, remote);
    expect(context).toEqual(gitlab());
    expect(notice).toContain("evil.example");
    expect(onOwnServer(gitlab({ apiUrl: "https://evil.example" }), remote).context).toEqual(gitlab());
  });

  it("keeps the path of an instance that is not at the root", () => {
    const own = gitlab({ serverUrl: "https://x.example/gitlab", apiUrl: "https://x.example/gitlab/api/v4" });
    const checkout = "https://x.example/gitlab/acme/config.git";
    expect(onOwnServer(own, checkout)).toEqual({ context: own, notice: undefined });
    expect(onOwnServer({ ...own, serverUrl: "https://evil.example/" }, checkout).context).toEqual(own);
    expect(serverOfCheckout(checkout, "acme/config")).toBe("https://x.example/gitlab");
  });

  it("is as told where there is no checkout, and on other hosts", () => {
    expect(onOwnServer(gitlab(), undefined)).toEqual({ context: gitlab(), notice: undefined });
    const github = gitlab({ host: "github", serverUrl: "https://github.com" });
    expect(onOwnServer(github, remote)).toEqual({ context: github, notice: undefined });
  });
});

describe("who asked, on GitLab", () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal("fetch", async (url: string) => {
      asked.push(url);
      return new Response(JSON.stringify({ user: { username: "grace" } }));
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const ask = (location: string, origin: string | undefined, more: Partial<CiContext> = {}) =>
    actorOf(
      { context: gitlab(more), env: { CI_JOB_TOKEN: "job" }, clock: { now: () => 0 } } as unknown as Surroundings,
      { remote: async () => (origin === undefined ? undefined : { name: "", url: origin }) } as SourceRepository,
      location,
    );

  it("is verified by the server that the checkout came from and the config repository lies on", async () => {
    expect(await ask(remote, remote)).toEqual({ name: "grace", verified: true });
    expect(await ask("git@gitlab.example:acme/other.git", remote)).toMatchObject({ verified: true });
    expect(asked).toEqual(["https://gitlab.example/api/v4/job", "https://gitlab.example/api/v4/job"]);
  });

  it.each<[string, string, string | undefined, Partial<CiContext>]>([
    ["the config repository lies elsewhere", "https://evil.example/acme/config.git", remote, {}],
    ["the config repository is a folder", "/srv/config.git", remote, {}],
    ["there is no checkout", remote, undefined, {}],
    ["the checkout is of another project", remote, remote, { repository: "acme/web" }],
  ])("is not verified, and the job token goes nowhere, when %s", async (_why, location, origin, more) => {
    expect(await ask(location, origin, more)).toEqual({ name: "ada", verified: false });
    expect(asked).toEqual([]);
  });

  it("is not verified where Git cannot read the checkout", async () => {
    const source = { remote: () => Promise.reject(new Error("dubious ownership")) } as unknown as SourceRepository;
    const surroundings = { context: gitlab(), env: { CI_JOB_TOKEN: "job" } } as unknown as Surroundings;
    expect(await actorOf(surroundings, source, remote)).toEqual({ name: "ada", verified: false });
  });

  it("is asked at no address that a variable names, on the same server neither", async () => {
    await ask(remote, remote, { apiUrl: "https://gitlab.example/mallory/x/-/raw/main" });
    expect(asked).toEqual(["https://gitlab.example/api/v4/job"]);
  });
});
