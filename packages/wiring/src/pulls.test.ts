import type { CiContext } from "@glu/core";
import { FakeClock, GithubServer, GitlabServer } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import type { ForgeAccess } from "./forge-outside.ts";
import { createPulls } from "./pulls.ts";
import type { Token } from "./repositories/token.ts";
import type { Env, Surroundings } from "./surroundings.ts";

interface Run {
  context: Partial<CiContext>;
  token: Token;
  location: string;
  env?: Env;
}

const given = (value: string): Token => ({ source: "GLU_TOKEN", value, username: undefined });
const none: Token = { source: "none", value: undefined, username: undefined };

const accessOf = ({ context, token, location, env = {} }: Run): ForgeAccess => ({
  surroundings: { context, env, clock: new FakeClock() } as unknown as Surroundings,
  token,
  location,
});

const onGithub = (apiUrl: string): Partial<CiContext> => ({
  host: "github",
  serverUrl: "https://github.example",
  apiUrl,
  repository: "acme/config",
});
const location = "https://github.example/acme/config.git";

describe("pull requests", () => {
  it("are asked for on the forge of the config repository, by the name of theirs", async () => {
    await using github = await GithubServer.start();
    github.repository("acme/web", { "README.md": "Web\n" });
    const token = given(github.token("glu-acme[bot]", { access: "read" }));
    const pulls = createPulls(accessOf({ context: onGithub(github.apiUrl), token, location }), "acme/web");
    expect(github.requests).toEqual([]);
    expect(await pulls?.open()).toEqual({ pulls: [], complete: true });
    expect(await pulls?.find(7)).toBeUndefined();
    expect(new Set(github.requests.map(({ name }) => name.replace(/\/7$/, "")))).toEqual(
      new Set(["GET /repos/acme/web/pulls"]),
    );
    expect(github.violations).toEqual([]);
  });

  it("of an app without a repository of its own are those of the config repository", async () => {
    await using github = await GithubServer.start();
    github.repository("acme/config", { "README.md": "Config\n" });
    const token = given(github.token("glu-acme[bot]", { access: "read" }));
    const pulls = createPulls(accessOf({ context: onGithub(github.apiUrl), token, location }), undefined);
    expect(await pulls?.open()).toEqual({ pulls: [], complete: true });
    expect(github.requests.map(({ name }) => name)).toEqual(["GET /repos/acme/config/pulls"]);
  });

  it("of a server below a path, and in groups, are asked for there", async () => {
    await using gitlab = await GitlabServer.start("acme/team/web");
    const { token } = gitlab.user("glu", "reporter", "read_api");
    const serverUrl = "https://git.example/gitlab";
    const context: Partial<CiContext> = { host: "gitlab", serverUrl, apiUrl: gitlab.apiUrl, repository: "acme/config" };
    const access = accessOf({ context, token: given(token), location: `${serverUrl}/acme/config.git` });
    expect(await createPulls(access, "acme/team/web")?.open()).toEqual({ pulls: [], complete: true });
    expect(gitlab.calls).toEqual(["GET /projects/:id/merge_requests"]);
  });

  it("that the token may not see are an error with the permission that is missing", async () => {
    await using github = await GithubServer.start();
    github.repository("acme/web", { "README.md": "Web\n" });
    github.fault = () => ({
      answer: { status: 403, text: JSON.stringify({ message: "Resource not accessible by integration" }) },
    });
    const token: Token = { source: "host", value: github.token("github-actions[bot]"), username: undefined };
    const pulls = createPulls(accessOf({ context: onGithub(github.apiUrl), token, location }), "acme/web");
    await expect(pulls?.find(1)).rejects.toMatchObject({
      code: "pull/forbidden",
      fix: expect.stringContaining("permissions: { pull-requests: read }"),
    });
  });

  it.each<[string, Run]>([
    ["without a token", { context: onGithub("https://api.github.example"), token: none, location }],
    [
      "at a terminal whose config lies on a server of which nobody says what it is",
      { context: { host: "terminal" }, token: given("t"), location: "https://git.example/acme/config.git" },
    ],
    [
      "at a terminal whose config lies in a folder",
      { context: { host: "terminal" }, token: given("t"), location: "/srv/config.git" },
    ],
    [
      "where the config lies on another server than the job's",
      {
        context: onGithub("https://api.github.example"),
        token: given("t"),
        location: "https://gitlab.com/acme/config.git",
      },
    ],
  ])("are nobody's to ask %s", (_, run) => {
    expect(createPulls(accessOf(run), "acme/web")).toBeUndefined();
  });

  it("are asked for at a terminal as well, where the forge is known", () => {
    const run = { context: { host: "terminal" }, token: given("t") } as const;
    expect(createPulls(accessOf({ ...run, location: "git@github.com:acme/config.git" }), "acme/web")).toBeDefined();
    const named = { ...run, location: "https://git.example/acme/config.git", env: { GLU_FORGE: "gitea" } };
    expect(createPulls(accessOf(named), "acme/web")).toBeDefined();
  });
});
