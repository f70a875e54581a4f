import { commentCommandsContract, GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCommentCommands } from "./create-comment-commands.ts";

// The real Gitea.
let gitea: GiteaServer;
let ada: GiteaUser;
let bob: GiteaUser;
let count = 0;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  ada = await gitea.user("ada");
  bob = await gitea.user("bob");
  await gitea.user("eve");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const commandsOf = (repository: string, token: string | undefined) =>
  createCommentCommands({ forge: "gitea", apiUrl: gitea.apiUrl, repository, token, clock: realClock });

const content = (text: string) => Buffer.from(text).toString("base64");

async function make(): Promise<string> {
  const name = `web-${++count}`;
  await gitea.repository(ada, name, { "README.md": "Web\n" });
  await gitea.api(ada, "PATCH", `/repos/ada/${name}`, { private: true });
  await gitea.api(ada, "PUT", `/repos/ada/${name}/collaborators/bob`, { permission: "read" });
  return name;
}

commentCommandsContract("a real Gitea", async () => {
  const name = await make();
  const at = `/repos/ada/${name}`;
  return {
    commands: commandsOf(`ada/${name}`, ada.token),
    stranger: commandsOf(`ada/${name}`, "0".repeat(40)),
    nobody: commandsOf(`ada/${name}`, undefined),
    pull: async () => {
      const branch = `change-${++count}`;
      const push = (to: object) =>
        gitea.api<{ commit: { sha: string } }>(ada, "POST", `${at}/contents`, {
          ...{ message: "A change", ...to },
          files: [{ operation: "create", path: `file-${++count}`, content: content("x") }],
        });
      await push({ branch: "main", new_branch: branch });
      const place = { head: branch, base: "main", title: "A change" };
      const { number } = await gitea.api<{ number: number }>(ada, "POST", `${at}/pulls`, place);
      const head = (await push({ branch })).commit.sha;
      // It notes a push a moment after it.
      for (let looks = 0; looks < 100; looks++) {
        const timeline = await gitea.api<{ body: string }[]>(ada, "GET", `${at}/issues/${number}/timeline`);
        if (timeline.some(({ body }) => body.includes(head))) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return { number, head, branch };
    },
    say: async (number, body) =>
      (await gitea.api<{ id: number }>(ada, "POST", `${at}/issues/${number}/comments`, { body })).id,
    reactions: async (comment) => {
      const all = await gitea.api<{ content: string }[]>(ada, "GET", `${at}/issues/comments/${comment}/reactions`);
      return (all ?? []).map(({ content: said }) => said);
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

it("who may write is told to administrators alone, and the error says so", async () => {
  const name = await make();
  await gitea.api(ada, "PUT", `/repos/ada/${name}/collaborators/bob`, { permission: "write" });
  await expect(commandsOf(`ada/${name}`, bob.token).mayWrite("ada")).rejects.toMatchObject({
    code: "actor/forbidden",
    fix: expect.stringContaining("administrator"),
  });
});
