import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { GiteaServer, type GiteaUser, pullsContract, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPulls } from "./create-pulls.ts";

// The real Gitea.
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;
let eve: GiteaUser;
let stranger: GiteaUser;
let count = 0;
/** Fewer than are asked for: nobody need open fifty. */
const perPage = 8;

beforeAll(async () => {
  gitea = await GiteaServer.start({ perPage });
  glu = await gitea.user("glu", { scopes: "read:repository" });
  ada = await gitea.user("ada");
  eve = await gitea.user("eve");
  stranger = await gitea.user("stranger");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const pullsOf = (repository: string, token: string | undefined) =>
  createPulls({ forge: "gitea", apiUrl: gitea.apiUrl, repository, token, clock: realClock });

/** A private one that `glu` and `eve` may read. */
async function repository(name: string): Promise<string> {
  await gitea.repository(ada, name, { "README.md": "Web\n" });
  const at = `/repos/ada/${name}`;
  await gitea.api(ada, "PATCH", at, { private: true });
  for (const reader of ["glu", "eve"]) {
    await gitea.api(ada, "PUT", `${at}/collaborators/${reader}`, { permission: "read" });
  }
  return at;
}

async function commit(by: GiteaUser, at: string, to: { branch: string; new_branch?: string }): Promise<string> {
  const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
  const change = { ...to, message: "A change", files };
  return (await gitea.api<{ commit: { sha: string } }>(by, "POST", `${at}/contents`, change)).commit.sha;
}

const propose = async (by: GiteaUser, at: string, head: string) =>
  (await gitea.api<{ number: number }>(by, "POST", `${at}/pulls`, { head, base: "main", title: "A change" })).number;

interface Shown {
  number: number;
  updated_at: string;
  head: { sha: string };
}

/** It takes note of a push after it has answered: first of the commit, and then that something has happened. */
async function untilNoted(at: string, { number, updated_at: before }: Shown, head: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const pull = await gitea.api<Shown>(ada, "GET", `${at}/pulls/${number}`);
    const all = await gitea.api<Shown[]>(ada, "GET", `${at}/pulls`);
    const isIn = all.find((one) => one.number === number)?.head.sha === head;
    if (isIn && pull.head.sha === head && pull.updated_at !== before) return;
    await wait(100);
  }
  throw new Error(`#${number} was never told to be at ${head}.`);
}

pullsContract("a real Gitea", async () => {
  const name = `web-${++count}`;
  const at = await repository(name);
  let fork: string | undefined;
  return {
    pulls: pullsOf(`ada/${name}`, glu.token),
    stranger: pullsOf(`ada/${name}`, stranger.token),
    nobody: pullsOf(`ada/${name}`, undefined),
    author: "ada",
    perPage,
    open: async () => {
      const branch = `change/${++count}`;
      const head = await commit(ada, at, { branch: "main", new_branch: branch });
      return { number: await propose(ada, at, branch), head, branch };
    },
    openMany: async (many) => {
      await commit(ada, at, { branch: "main", new_branch: "many" });
      for (let one = 1; one <= many; one++) {
        const branch = { new_branch_name: `many-${one}`, old_branch_name: "many" };
        await gitea.api(ada, "POST", `${at}/branches`, branch);
        await propose(ada, at, `many-${one}`);
      }
    },
    push: async ({ number, branch }) => {
      const before = await gitea.api<Shown>(ada, "GET", `${at}/pulls/${number}`);
      const head = await commit(ada, at, { branch });
      await untilNoted(at, before, head);
      return head;
    },
    label: async ({ number }, label) => {
      const { id } = await gitea.api<{ id: number }>(ada, "POST", `${at}/labels`, { name: label, color: "#0969da" });
      await gitea.api(ada, "POST", `${at}/issues/${number}/labels`, { labels: [id] });
    },
    close: async ({ number }) => void (await gitea.api(ada, "PATCH", `${at}/pulls/${number}`, { state: "closed" })),
    reopen: async ({ number }) => void (await gitea.api(ada, "PATCH", `${at}/pulls/${number}`, { state: "open" })),
    merge: async ({ number }) => {
      const how = { Do: "squash", delete_branch_after_merge: true };
      await gitea.api(ada, "POST", `${at}/pulls/${number}/merge`, how);
    },
    openFromFork: async () => {
      fork = `/repos/eve/${name}-fork`;
      await gitea.api(eve, "POST", `${at}/forks`, { name: `${name}-fork` });
      const branch = `change/${++count}`;
      const head = await commit(eve, fork, { branch: "main", new_branch: branch });
      return { number: await propose(eve, at, `eve:${branch}`), head, branch };
    },
    deleteFork: async () => void (await gitea.api(eve, "DELETE", fork ?? "")),
    [Symbol.asyncDispose]: async () => {},
  };
});

const run = promisify(execFile);

it("a real Gitea has pull requests from those who may only read, and they are none of the repository's own", async () => {
  const at = await repository("pushed-for");
  const folder = mkdtempSync(join(tmpdir(), "glu-agit-"));
  try {
    const url = `${gitea.origin.replace("://", `://eve:${eve.token}@`)}/ada/pushed-for.git`;
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=Eve", "-c", "user.email=eve@example.org", "-C", folder, ...args]);
    await git("clone", "-q", url, ".");
    await git("commit", "-q", "--allow-empty", "-m", "A change");
    await git("push", "-q", "origin", "HEAD:refs/for/main", "-o", "topic=change");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [{ number = 0 } = {}] = await gitea.api<{ number: number }[]>(ada, "GET", `${at}/pulls`);
  const expected = { isOpen: true, author: "eve", branch: undefined, fromFork: true };
  const pulls = pullsOf("ada/pushed-for", glu.token);
  expect(await pulls.find(number)).toMatchObject(expected);
  expect(await pulls.open()).toMatchObject({ pulls: [expected], complete: true });
});

it("a real Gitea takes no token that may not read repositories", async () => {
  const at = await repository("unscoped");
  const unscoped = await gitea.user("unscoped", { scopes: "read:user" });
  await gitea.api(ada, "PUT", `${at}/collaborators/unscoped`, { permission: "read" });
  for (const [token, code] of [
    [unscoped.token, "pull/forbidden"],
    ["0".repeat(40), "pull/unauthorised"],
  ] as const) {
    const pulls = pullsOf("ada/unscoped", token);
    for (const ask of [() => pulls.find(1), () => pulls.open()]) {
      await expect(ask()).rejects.toMatchObject({ code, fix: expect.stringContaining("read:repository") });
    }
  }
});

it("a real Gitea that has pull requests switched off is not one without any", async () => {
  const at = await repository("without");
  await gitea.api(ada, "PATCH", at, { has_pull_requests: false });
  const pulls = pullsOf("ada/without", glu.token);
  for (const ask of [() => pulls.find(1), () => pulls.open()]) {
    await expect(ask()).rejects.toMatchObject({ code: "pull/not-found" });
  }
});
