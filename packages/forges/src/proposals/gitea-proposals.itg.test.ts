import { type RefName, shortRef } from "@glu/core";
import { GiteaServer, type GiteaUser, proposalsContract, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// The real Gitea.
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;
let count = 0;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  glu = await gitea.user("glu");
  ada = await gitea.user("ada");
  await gitea.user("bob");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const proposalsOf = (repository: string, token: string) =>
  createProposals({ forge: "gitea", apiUrl: gitea.apiUrl, repository, token, clock: realClock });

proposalsContract("a real Gitea", async () => {
  const name = `config-${++count}`;
  await gitea.repository(glu, name, { "README.md": "Config\n" });
  const at = `/repos/glu/${name}`;
  for (const person of ["ada", "bob"]) {
    await gitea.api(glu, "PUT", `${at}/collaborators/${person}`, { permission: "write" });
  }
  let commits = 0;
  const pushed = new Set<string>();
  return {
    proposals: proposalsOf(`glu/${name}`, glu.token),
    base: "refs/heads/main" as RefName,
    people: ["ada", "bob"],
    push: async (branch) => {
      const files = [{ operation: "create", path: `file-${++commits}`, content: Buffer.from("x").toString("base64") }];
      const isThere = pushed.has(branch);
      pushed.add(branch);
      const to = isThere ? { branch: shortRef(branch) } : { branch: "main", new_branch: shortRef(branch) };
      const change = { ...to, message: "Propose", files };
      return (await gitea.api<{ commit: { sha: string } }>(glu, "POST", `${at}/contents`, change)).commit.sha;
    },
    merge: async (number) => void (await gitea.api(ada, "POST", `${at}/pulls/${number}/merge`, { Do: "squash" })),
    removeBranch: async (branch) =>
      void (await gitea.api(glu, "DELETE", `${at}/branches/${shortRef(branch).replaceAll("/", "%2F")}`)),
    requireStatus: async () => {
      const rule = { rule_name: "main", enable_status_check: true, status_check_contexts: ["ci"] };
      await gitea.api(glu, "POST", `${at}/branch_protections`, rule);
    },
    pass: async (number) => {
      const { head } = await gitea.api<{ head: { sha: string } }>(glu, "GET", `${at}/pulls/${number}`);
      await gitea.api(glu, "POST", `${at}/statuses/${head.sha}`, { context: "ci", state: "success" });
    },
    close: async (number) => void (await gitea.api(ada, "PATCH", `${at}/pulls/${number}`, { state: "closed" })),
    openAsOther: async ({ branch, base }, body) => {
      const place = { head: shortRef(branch), base: shortRef(base) };
      const { number } = await gitea.api<{ number: number }>(ada, "POST", `${at}/pulls`, {
        ...place,
        title: "x",
        body,
      });
      return number;
    },
    seen: async (number) => {
      const pull = await gitea.api<Pull>(ada, "GET", `${at}/pulls/${number}`);
      const comments = await gitea.api<{ body: string }[]>(ada, "GET", `${at}/issues/${number}/comments`);
      return {
        title: pull.title.replace(/^WIP: /, ""),
        body: pull.body,
        draft: pull.draft,
        labels: (pull.labels ?? []).map((label) => label.name),
        assignees: (pull.assignees ?? []).map(({ login }) => login),
        reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login),
        comments: comments.map(({ body }) => body),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

interface Pull {
  title: string;
  body: string;
  draft: boolean;
  labels: { name: string }[] | null;
  assignees: { login: string }[] | null;
  requested_reviewers: { login: string }[] | null;
}

it("a token that may only read is told what it lacks", async () => {
  await gitea.repository(glu, "readable", { "README.md": "Config\n" });
  const reader = await gitea.user("eve");
  const place = { branch: "refs/heads/glu/production/web" as RefName, base: "refs/heads/main" as RefName };
  const settings = { draft: false, labels: [], reviewers: [], assignees: [] };
  for (const [token, code] of [
    [reader.token, /^proposal\/(?:forbidden|not-found|invalid)$/],
    ["0".repeat(40), /^proposal\/unauthorised$/],
  ] as const) {
    const open = proposalsOf("glu/readable", token).open(place, { title: "t", body: "b" }, settings);
    await expect(open).rejects.toMatchObject({ code: expect.stringMatching(code), fix: expect.any(String) });
  }
});
