import { type ApiCalls, type RefName, shortRef } from "@glu/core";
import { FakeClock, GithubServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

const limits = { attempts: 4, base: 500, longest: 120_000 };

async function setting() {
  const github = await GithubServer.start();
  const clock = new FakeClock();
  github.secondary.now = () => clock.now();
  const repository = github.repository("acme/config", { "README.md": "Config\n" });
  const token = github.token("github-actions[bot]");
  const asking = { forge: "github" as const, apiUrl: github.apiUrl, repository: "acme/config", token, clock, limits };
  const open = async (name: string, calls?: ApiCalls) => {
    const place = { branch: `refs/heads/glu/production/${name}` as RefName, base: "refs/heads/main" as RefName };
    repository.git.git("update-ref", place.branch, repository.tip("main") ?? "");
    repository.git.push(shortRef(place.branch), { [name]: "x\n" });
    const settings = { draft: false, labels: ["release"], reviewers: [], assignees: [] };
    return createProposals({ ...asking, calls }).open(place, { title: name, body: "The plan." }, settings);
  };
  const dispose = async () => {
    expect(github.violations).toEqual([]);
    await github[Symbol.asyncDispose]();
  };
  return { github, clock, repository, open, [Symbol.asyncDispose]: dispose };
}

it.each([
  [true, 2],
  [false, 2],
  [true, 3],
  [false, 5],
])(
  "what makes too much in a minute is waited for and made once (told when: %s, %i a minute)",
  async (told, content) => {
    await using at = await setting();
    const { github, clock, repository } = at;
    Object.assign(github.secondary, { content, saysWhen: told });
    for (const name of ["api", "web", "worker"]) await at.open(name);
    expect(github.secondary.refused).toBeGreaterThan(0);
    expect(repository.pulls.map(({ title, labels }) => [title, labels])).toEqual(
      ["api", "web", "worker"].map((name) => [name, ["release"]]),
    );
    // A minute at least where it does not say for how long.
    if (!told) expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(60_000);
  },
);

it("what reads too much in a minute is waited for", async () => {
  await using at = await setting();
  Object.assign(at.github.secondary, { points: { rest: 12, graphql: 6 } });
  for (const name of ["api", "web"]) await at.open(name);
  expect(at.github.secondary.refused).toBeGreaterThan(0);
  expect(at.repository.pulls).toHaveLength(2);
});

it("what is refused for longer than is waited is said, with the time, and nothing is made twice later", async () => {
  await using at = await setting();
  const { github, clock, repository } = at;
  Object.assign(github.secondary, { content: 1, window: 30 * 60_000 });
  await expect(at.open("web")).rejects.toMatchObject({
    code: "forge/unreachable",
    message: expect.stringMatching(/too many requests\) until 2026-11-21 08:\d\d UTC/),
  });
  github.secondary.asDocumented();
  clock.advance(30 * 60_000);
  await at.open("web");
  expect(repository.pulls).toMatchObject([{ title: "web", labels: ["release"] }]);
});

it("forty proposals, one after the other, stay below what GitHub lets one make in a minute, and none is refused", async () => {
  await using at = await setting();
  at.github.secondary.asDocumented();
  const calls: ApiCalls = { uses: new Map(), memory: undefined };
  for (let number = 0; number < 40; number++) await at.open(`app-${number}`, calls);
  expect(at.repository.pulls).toHaveLength(40);
  expect(at.github.secondary.refused).toBe(0);
});
