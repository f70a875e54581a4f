import { GiteaServer, type GiteaUser, realClock, statusesContract } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createStatuses } from "./create-statuses.ts";

// The real Gitea.
let gitea: GiteaServer;
let glu: GiteaUser;
let count = 0;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  glu = await gitea.user("glu");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const statusesOf = (repository: string, token: string) =>
  createStatuses({ forge: "gitea", apiUrl: gitea.apiUrl, repository, token, clock: realClock });

interface Status {
  context: string;
  status: "pending" | "success" | "failure";
  description: string;
  target_url: string;
}

statusesContract("a real Gitea", async () => {
  const name = `config-${++count}`;
  await gitea.repository(glu, name, { "README.md": "Config\n" });
  const at = `/repos/glu/${name}`;
  return {
    statuses: statusesOf(`glu/${name}`, glu.token),
    push: async () => {
      const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
      const change = { branch: "main", new_branch: `web-${count}`, message: "Propose", files };
      return (await gitea.api<{ commit: { sha: string } }>(glu, "POST", `${at}/contents`, change)).commit.sha;
    },
    seen: async (commit, context) => {
      for (let page = 1; ; page++) {
        const path = `${at}/commits/${commit}/status?limit=50&page=${page}`;
        const statuses = (await gitea.api<{ statuses: Status[] | null }>(glu, "GET", path)).statuses ?? [];
        const one = statuses.find((status) => status.context === context);
        if (one !== undefined) {
          return { context, state: one.status, description: one.description, url: one.target_url || undefined };
        }
        if (statuses.length === 0) return undefined;
      }
    },
    kept: async (commit, context) => {
      const all: Status[] = [];
      for (let page = 1; ; page++) {
        const path = `${at}/commits/${commit}/statuses?limit=50&page=${page}`;
        const found = await gitea.api<Status[]>(glu, "GET", path);
        if (found.length === 0) return all.filter((one) => one.context === context).length;
        all.push(...found);
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

it("a token that may only read is told what it lacks", async () => {
  await gitea.repository(glu, "readable", { "README.md": "Config\n" });
  const reader = await gitea.user("eve");
  const { sha } = (await gitea.api<{ sha: string }[]>(glu, "GET", "/repos/glu/readable/commits"))[0] ?? { sha: "" };
  const status = { context: "glu/production", state: "success", description: "x", url: undefined } as const;
  for (const [token, code, fix] of [
    [reader.token, /^status\/forbidden$/, /contents: write.*write:repository/],
    ["0".repeat(40), /^status\/unauthorised$/, /write:repository/],
  ] as const) {
    await expect(statusesOf("glu/readable", token).set(sha, status)).rejects.toMatchObject({
      code: expect.stringMatching(code),
      fix: expect.stringMatching(fix),
    });
  }
});
