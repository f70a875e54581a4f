import type { ApiCalls } from "@glu/core";
import { type GithubRepository, GithubServer, pullsContract, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPulls } from "./create-pulls.ts";

let github: GithubServer;
let repository: GithubRepository;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
  github.requests.splice(0);
  repository = github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const pullsOf = ({ fullName }: GithubRepository, token: string | undefined, calls?: ApiCalls) =>
  createPulls({
    calls,
    forge: "github",
    apiUrl: github.apiUrl,
    repository: fullName,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

async function as<T>(name: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${github.token(name)}`,
      "user-agent": "test",
      "x-github-api-version": "2022-11-28",
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
  return (await response.json()) as T;
}

const propose = async (by: string, head: string) =>
  (await as<{ number: number }>(by, "POST", "/pulls", { head, base: "main", title: "A change" })).number;

async function open() {
  const branch = `change/${++count}`;
  repository.git.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
  const head = repository.git.push(branch, { [`file-${count}`]: "x\n" });
  return { number: await propose("ada", branch), head, branch };
}

for (const login of ["github-actions[bot]", "glu-acme[bot]"]) {
  pullsContract(`GitHub's API as ${login}`, async () => {
    const pulls = (access: "read" | "none") => pullsOf(repository, github.token(login, { access }));
    return {
      pulls: pulls("read"),
      stranger: pulls("none"),
      nobody: pullsOf(repository, undefined),
      author: "ada",
      perPage: 100,
      open,
      openMany: async (many) => {
        const { number } = await open();
        const first = repository.pull(number);
        if (first === undefined) throw new Error("It is not there.");
        for (let one = number + 1; one <= many; one++) repository.pulls.push({ ...first, number: one });
      },
      push: async ({ branch }) => repository.git.push(branch, { [`file-${++count}`]: "x\n" }),
      label: async ({ number }, name) => void (await as("ada", "POST", `/issues/${number}/labels`, { labels: [name] })),
      close: async ({ number }) => void (await as("ada", "PATCH", `/pulls/${number}`, { state: "closed" })),
      reopen: async ({ number }) => void (await as("ada", "PATCH", `/pulls/${number}`, { state: "open" })),
      merge: async ({ number, branch }) => {
        await as("ada", "PUT", `/pulls/${number}/merge`, { merge_method: "squash" });
        repository.git.git("update-ref", "-d", `refs/heads/${branch}`);
      },
      openFromFork: async () => {
        const made = `made-${++count}`;
        repository.git.git("update-ref", `refs/heads/${made}`, "refs/heads/main");
        const head = repository.git.push(made, { [`file-${count}`]: "x\n" });
        repository.git.git("update-ref", "refs/forks/eve/change", head);
        repository.git.git("update-ref", "-d", `refs/heads/${made}`);
        return { number: await propose("eve", "eve:change"), head, branch: "change" };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  });
}

/** What GitHub says of one, with something changed. */
async function told(number: number, more: object): Promise<string> {
  const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}/pulls/${number}`, {
    headers: {
      authorization: `Bearer ${github.token("ada")}`,
      "user-agent": "test",
      "x-github-api-version": "2022-11-28",
    },
  });
  return JSON.stringify({ ...((await response.json()) as object), ...more });
}

describe("pull requests of GitHub", () => {
  it("name what a token lacks", async () => {
    const { number } = await open();
    const forbidden = { status: 403, text: JSON.stringify({ message: "Resource not accessible by integration" }) };
    github.fault = () => ({ answer: forbidden });
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    for (const ask of [() => pulls.find(number), () => pulls.open()]) {
      await expect(ask()).rejects.toMatchObject({
        code: "pull/forbidden",
        message: expect.stringContaining("not accessible by integration"),
        fix: expect.stringMatching(/permissions: \{ pull-requests: read \}.*'Pull requests: read' on acme\/web-\d+/),
      });
    }
    github.fault = () => undefined;
    await expect(pullsOf(repository, "ghs_unknown").find(number)).rejects.toMatchObject({ code: "pull/unauthorised" });
  });

  it("are none where the number is not found, and the token sees the others", async () => {
    const { number } = await open();
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    github.requests.splice(0);
    expect(await pulls.find(4711)).toBeUndefined();
    expect(github.requests.map(({ name }) => name.replace(/.*pulls/, ""))).toEqual(["/4711", "", "/4711"]);
    github.fault = ({ name }) => (name.includes("/pulls") ? { answer: { status: 404, text: "{}" } } : undefined);
    await expect(pulls.find(number)).rejects.toMatchObject({ code: "pull/not-found" });
    github.fault = ({ name }) => (name.includes("/pulls") ? { answer: { status: 301, text: "{}" } } : undefined);
    await expect(pulls.find(number)).rejects.toMatchObject({ code: "pull/not-found" });
  });

  it("that have not changed cost nothing of what may be asked, in a run and in the next", async () => {
    const { number } = await open();
    const token = github.token("github-actions[bot]");
    const kept = new Map<string, { etag: string; body: Uint8Array }>();
    const memory: ApiCalls["memory"] = {
      get: async (key) => kept.get(key),
      put: async (key, answer) => void kept.set(key, answer),
    };
    const left = () => github.rates.core.remaining;
    const run = () => pullsOf(repository, token, { uses: new Map(), memory });
    const first = run();
    const all = await first.open();
    const one = await first.find(number);
    const before = left();
    expect([await first.open(), await first.find(number)]).toEqual([all, one]);
    expect(await run().open()).toEqual(all);
    expect(left()).toBe(before);
    await as("ada", "POST", `/issues/${number}/labels`, { labels: ["preview"] });
    expect(await first.open()).toMatchObject({ pulls: [{ labels: ["preview"] }], complete: true });
    expect(await run().find(number)).toMatchObject({ labels: ["preview"] });
  });

  it("are found where a server that lags behind did not know them the first time", async () => {
    const { number } = await open();
    let asked = 0;
    github.fault = ({ name }) =>
      name.endsWith(`/pulls/${number}`) && asked++ === 0 ? { answer: { status: 404, text: "{}" } } : undefined;
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    expect(await pulls.find(number)).toMatchObject({ number });
  });

  it("from a fork that was deleted are from a fork, and of a user who is gone nobody's", async () => {
    const { number } = await open();
    const pull = JSON.parse(await told(number, {})) as { head: object };
    const text = await told(number, { head: { ...pull.head, repo: null }, user: null });
    github.fault = ({ name }) => (name.endsWith(`/pulls/${number}`) ? { answer: { status: 200, text } } : undefined);
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    expect(await pulls.find(number)).toMatchObject({ fromFork: true, author: undefined, isOpen: true });
  });

  it("tell that the token of a job merged one, and that one was closed with conflicts", async () => {
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    const { number } = await open();
    await as("github-actions[bot]", "PUT", `/pulls/${number}/merge`, {});
    expect((await pulls.find(number))?.ending).toEqual({ merged: true, by: "github-actions[bot]", byJobToken: true });
    const other = await open();
    await as("ada", "PATCH", `/pulls/${other.number}`, { state: "closed" });
    const text = await told(other.number, { mergeable: false, mergeable_state: "dirty" });
    github.fault = () => ({ answer: { status: 200, text } });
    expect((await pulls.find(other.number))?.ending).toEqual({ merged: false, hasConflicts: true });
  });

  it("are not made up of an answer that does not say how they stand", async () => {
    const { number } = await open();
    const pulls = pullsOf(repository, github.token("github-actions[bot]"));
    for (const more of [{ state: "odd" }, { updated_at: null }, { updated_at: "soon" }, { number: number + 1 }]) {
      const text = await told(number, more);
      github.fault = ({ name }) => (name.endsWith(`/pulls/${number}`) ? { answer: { status: 200, text } } : undefined);
      await expect(pulls.find(number)).rejects.toMatchObject({ kind: "outside", code: "pull/unexpected" });
      github.fault = () => undefined;
    }
  });
});
