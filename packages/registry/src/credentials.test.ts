import { describe, expect, it } from "vitest";
import { readCredentials } from "./credentials.ts";

const auth = (text: string) => Buffer.from(text).toString("base64");

function read(env: Record<string, string>, files: Record<string, string> = {}, token?: string) {
  const notices: string[] = [];
  const nothing = () => {};
  const logger = {
    debug: nothing,
    progress: nothing,
    info: nothing,
    warning: nothing,
    notice: (text: string) => void notices.push(text),
  };
  const store = readCredentials({ env, readFile: (path) => files[path], logger, token });
  return { store, notices };
}

describe("Docker's config", () => {
  const config = JSON.stringify({
    auths: {
      "https://index.docker.io/v1/": { auth: auth("me:hub") },
      "ghcr.io": { auth: auth("me:pass:with:colons") },
      "https://r.example:5000/v2/": { username: "u", password: "p" },
      "id.example": { auth: auth("00000000-0000-0000-0000-000000000000:"), identitytoken: "refresh" },
      "empty.example": {},
    },
    credHelpers: { "gcr.io": "gcloud" },
    credsStore: "desktop",
  });

  it("gives credentials by host, however Docker wrote the key", () => {
    const { store } = read({ HOME: "/home/me" }, { "/home/me/.docker/config.json": config });
    expect(store("registry-1.docker.io")).toEqual({ username: "me", password: "hub" });
    expect(store("ghcr.io")).toEqual({ username: "me", password: "pass:with:colons" });
    expect(store("r.example:5000")).toEqual({ username: "u", password: "p" });
    expect(store("id.example")).toEqual({ identityToken: "refresh" });
    expect(store("empty.example")).toBeUndefined();
    expect(store("other.example")).toBeUndefined();
  });

  it("is read from DOCKER_CONFIG first", () => {
    const { store } = read({ HOME: "/home/me", DOCKER_CONFIG: "/cfg" }, { "/cfg/config.json": config });
    expect(store("ghcr.io")).toBeDefined();
  });

  it("says which credential helpers are not run", () => {
    const { store, notices } = read({ DOCKER_CONFIG: "/cfg" }, { "/cfg/config.json": config });
    store("ghcr.io");
    expect(notices).toEqual([expect.stringContaining("gcr.io, credsStore")]);
  });

  it("that is not JSON is an error once a registry asks, which does not show its content", () => {
    const broken = '{"auths": {"ghcr.io": {"auth": "c2VjcmV0"';
    const { store } = read({ DOCKER_CONFIG: "/cfg" }, { "/cfg/config.json": broken });
    try {
      store("ghcr.io");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "registry/docker-config" });
      expect(`${(error as Error).message} ${(error as Error).cause}`).not.toContain("c2VjcmV0");
    }
  });

  it("of the wrong shape counts as empty", () => {
    for (const text of [
      "null",
      "[]",
      '{"auths": 1}',
      '{"auths": {"ghcr.io": 1}}',
      '{"auths": {"ghcr.io": {"auth": 1}}}',
    ]) {
      expect(read({ DOCKER_CONFIG: "/cfg" }, { "/cfg/config.json": text }).store("ghcr.io")).toBeUndefined();
    }
  });
});

describe("the forge's own registry", () => {
  it("is shown the run's token, on GitHub", () => {
    const { store } = read({ GITHUB_ACTIONS: "true", GITHUB_ACTOR: "mona" }, {}, "t0ken");
    expect(store("ghcr.io")).toEqual({ username: "mona", password: "t0ken", onlyAt: [] });
    expect(store("registry-1.docker.io")).toBeUndefined();
    expect(store("ghcr.io.evil.example")).toBeUndefined();
  });

  it("is not ghcr.io on GitHub Enterprise Server, whose token github.com must not see", () => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_SERVER_URL: "https://github.acme.example" };
    expect(read(env, {}, "t0ken").store("ghcr.io")).toBeUndefined();
  });

  it("is the server itself on Gitea", () => {
    const env = { GITEA_ACTIONS: "true", GITHUB_ACTIONS: "true", GITHUB_SERVER_URL: "https://git.example:3000" };
    const { store } = read(env, {}, "t0ken");
    expect(store("git.example:3000")).toMatchObject({ password: "t0ken" });
    expect(store("ghcr.io")).toBeUndefined();
  });

  it("is CI_REGISTRY on GitLab, with the registry's password or the job token", () => {
    const env = { GITLAB_CI: "true", CI_REGISTRY: "registry.gitlab.com", CI_SERVER_URL: "https://gitlab.com" };
    const user = { CI_REGISTRY_USER: "gitlab-ci-token", CI_REGISTRY_PASSWORD: "pw" };
    expect(read({ ...env, ...user }).store("registry.gitlab.com")).toEqual({
      username: "gitlab-ci-token",
      password: "pw",
      onlyAt: ["gitlab.com"],
    });
    expect(read({ ...env, CI_JOB_TOKEN: "job" }).store("registry.gitlab.com")).toMatchObject({ password: "job" });
    expect(read(env).store("registry.gitlab.com")).toBeUndefined();
  });

  it("yields to what somebody logged in with", () => {
    const files = { "/cfg/config.json": JSON.stringify({ auths: { "ghcr.io": { auth: auth("me:mine") } } }) };
    const { store } = read({ GITHUB_ACTIONS: "true", DOCKER_CONFIG: "/cfg" }, files, "t0ken");
    expect(store("ghcr.io")).toEqual({ username: "me", password: "mine" });
  });
});
