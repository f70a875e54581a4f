import { commentsContract, GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createComments } from "./create-comments.ts";

// The real Gitea.
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;
let count = 0;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  glu = await gitea.user("glu");
  ada = await gitea.user("ada");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const commentsOf = (repository: string, token: string) =>
  createComments({ forge: "gitea", apiUrl: gitea.apiUrl, repository, token, clock: realClock });

commentsContract("a real Gitea", async () => {
  const name = `web-${++count}`;
  await gitea.repository(ada, name, { "README.md": "Web\n" });
  const at = `/repos/ada/${name}`;
  await gitea.api(ada, "PUT", `${at}/collaborators/glu`, { permission: "write" });
  const push = async (to: { branch: string; new_branch?: string }) => {
    const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
    const change = { ...to, message: "A change", files };
    return (await gitea.api<{ commit: { sha: string } }>(ada, "POST", `${at}/contents`, change)).commit.sha;
  };
  return {
    comments: commentsOf(`ada/${name}`, glu.token),
    pull: async (merge) => {
      const head = `change-${++count}`;
      const commit = await push({ branch: "main", new_branch: head });
      const place = { head, base: "main", title: "A change" };
      const { number } = await gitea.api<{ number: number }>(ada, "POST", `${at}/pulls`, place);
      if (!merge) return { number, commit };
      await gitea.api(ada, "POST", `${at}/pulls/${number}/merge`, { Do: "squash" });
      const merged = await gitea.api<{ merge_commit_sha: string }>(ada, "GET", `${at}/pulls/${number}`);
      return { number, commit: merged.merge_commit_sha };
    },
    push: () => push({ branch: "main" }),
    say: async (number, body) => void (await gitea.api(ada, "POST", `${at}/issues/${number}/comments`, { body })),
    said: async (number) =>
      (await gitea.api<{ body: string }[]>(ada, "GET", `${at}/issues/${number}/comments`)).map(({ body }) => body),
    [Symbol.asyncDispose]: async () => {},
  };
});

it("a token that may not comment is told what it lacks", async () => {
  await gitea.repository(ada, "private", { "README.md": "Web\n" });
  await gitea.api(ada, "PATCH", "/repos/ada/private", { private: true });
  for (const [token, code, fix] of [
    [glu.token, /^comment\/not-found$/, /Check the name ada\/private/],
    ["0".repeat(40), /^comment\/unauthorised$/, /write:issue/],
  ] as const) {
    await expect(commentsOf("ada/private", token).write(1, "where", () => "x")).rejects.toMatchObject({
      code: expect.stringMatching(code),
      fix: expect.stringMatching(fix),
    });
  }
});
