import { commentCommandsContract, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createCommentCommands } from "./create-comment-commands.ts";

let github: GithubServer;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());
afterEach(() => {
  github.fault = () => undefined;
  expect(github.violations.splice(0)).toEqual([]);
});

const commandsOf = ({ fullName }: GithubRepository, token: string | undefined) =>
  createCommentCommands({
    ...{ forge: "github", apiUrl: github.apiUrl, repository: fullName, token },
    clock: { ...realClock, sleep: async () => {} },
  });

function repositoryWithPeople(): GithubRepository {
  const repository = github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });
  repository.permissions.set("ada", "admin").set("bob", "read").set("eve", "none");
  return repository;
}

commentCommandsContract("GitHub's API", async () => {
  const repository = repositoryWithPeople();
  const ada = github.token("ada");
  const post = async (path: string, body: object) => {
    const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    return (await response.json()) as { number: number; id: number };
  };
  return {
    commands: commandsOf(repository, github.token("github-actions[bot]")),
    stranger: commandsOf(repository, "ghs_unknown"),
    nobody: commandsOf(repository, undefined),
    pull: async () => {
      const branch = `change-${++count}`;
      repository.git.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
      repository.git.push(branch, { [branch]: "x\n" });
      const { number } = await post("/pulls", { head: branch, base: "main", title: "A change" });
      return { number, branch, head: repository.git.push(branch, { [branch]: "y\n" }) };
    },
    say: async (number, body) => (await post(`/issues/${number}/comments`, { body })).id,
    reactions: async (comment) =>
      repository.reactions.filter((one) => one.comment === comment).map(({ content }) => content),
    [Symbol.asyncDispose]: async () => {},
  };
});

it("who may write is not guessed: what is no answer is an error, and a level that is not known is none", async () => {
  const repository = repositoryWithPeople();
  const commands = commandsOf(repository, github.token("github-actions[bot]"));
  for (const [status, text, code] of [
    [200, "{}", "actor/unexpected"],
    [200, '{"permission":"everything"}', "actor/unexpected"],
    [200, "half of", "actor/unexpected"],
    [301, "{}", "actor/not-found"],
    [403, "{}", "actor/forbidden"],
    [503, "{}", "forge/unreachable"],
  ] as const) {
    github.fault = ({ name }) => (name.endsWith("/permission") ? { answer: { status, text } } : undefined);
    await expect(commands.mayWrite("ada"), text).rejects.toMatchObject({ code });
  }
});

it("of a user whom it does not know in a repository that it does not see nothing is known", async () => {
  const repository = repositoryWithPeople();
  const blind = commandsOf(repository, github.token("other[bot]", { access: "none" }));
  await expect(blind.mayWrite("ada")).rejects.toMatchObject({ code: "actor/not-found" });
});
