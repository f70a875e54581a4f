import { commentsContract, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createComments } from "./create-comments.ts";

let github: GithubServer;
let repository: GithubRepository;
let ada: string;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
  ada = github.token("ada");
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
  github.requests.splice(0);
  repository = github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const commentsOf = ({ fullName }: GithubRepository, token: string | undefined) =>
  createComments({
    forge: "github",
    apiUrl: github.apiUrl,
    repository: fullName,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

async function asAda<T>(method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}${path}`, {
    method,
    headers: { authorization: `Bearer ${ada}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
  return (await response.json()) as T;
}

const push = () => repository.git.push("main", { [`file-${++count}`]: "x\n" });

async function pull(merge: boolean): Promise<{ number: number; commit: string }> {
  const head = `change-${++count}`;
  repository.git.git("update-ref", `refs/heads/${head}`, repository.tip("main") ?? "");
  const commit = repository.git.push(head, { [`file-${count}`]: "x\n" });
  const { number } = await asAda<{ number: number }>("POST", "/pulls", { head, base: "main", title: "A change" });
  if (!merge) return { number, commit };
  const merged = await asAda<{ sha: string }>("PUT", `/pulls/${number}/merge`, { merge_method: "squash" });
  return { number, commit: merged.sha };
}

for (const login of ["github-actions[bot]", "glu-acme[bot]"]) {
  commentsContract(`GitHub's API as ${login}`, async () => ({
    comments: commentsOf(repository, github.token(login)),
    pull,
    push: async () => push(),
    say: async (number, body) => void (await asAda("POST", `/issues/${number}/comments`, { body })),
    said: async (number) => repository.pull(number)?.comments.map(({ body }) => body) ?? [],
    [Symbol.asyncDispose]: async () => {},
  }));
}

describe("comments on GitHub", () => {
  it("names what a token lacks", async () => {
    const { number } = await pull(true);
    const cases = [
      [undefined, "comment/no-token", /GLU_TOKEN/],
      ["ghs_unknown", "comment/unauthorised", /permissions: \{ contents: read, pull-requests: write \}/],
      [github.token("github-actions[bot]", { access: "read" }), "comment/forbidden", /pull-requests: write/],
      [github.token("glu-acme[bot]", { access: "none" }), "comment/not-found", /Check the name acme\/web-\d+/],
    ] as const;
    for (const [token, code, fix] of cases) {
      await expect(commentsOf(repository, token).write(number, "where", () => "x")).rejects.toMatchObject({
        code,
        fix: expect.stringMatching(fix),
      });
    }
    expect(repository.pull(number)?.comments).toEqual([]);
  });

  it("writes none where it cannot look through all that is there", async () => {
    const { number } = await pull(true);
    const author = { login: "ada", type: "User", access: "write", seesTeams: true } as const;
    const comments = repository.pull(number)?.comments ?? [];
    comments.push(
      ...Array.from({ length: 10_001 }, (_, id) => ({ id, author, body: "x", at: "2026-01-01T00:00:00Z" })),
    );
    await expect(
      commentsOf(repository, github.token("glu-acme[bot]")).write(number, "where", () => "x"),
    ).rejects.toMatchObject({ code: "forge/too-many" });
    expect(comments).toHaveLength(10_001);
  }, 60_000);

  it("takes a commit's pull request of another repository for none", async () => {
    const { number, commit } = await pull(true);
    github.fault = ({ name }) =>
      name.endsWith("/pulls")
        ? {
            answer: {
              status: 200,
              text: JSON.stringify([
                { number, merged_at: "2026-01-01T00:00:00Z", base: { repo: { full_name: "eve/web" } } },
              ]),
            },
          }
        : undefined;
    expect(await commentsOf(repository, ada).pullsOf(commit)).toEqual([]);
  });
});
