import { type RefName, shortRef } from "@glu/core";
import { type GithubRepository, GithubServer, proposalsContract, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

let github: GithubServer;
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
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const base = "refs/heads/main" as RefName;

function repositoryNamed(name = `acme/config-${++count}`): GithubRepository {
  const repository = github.repository(name, { "README.md": "Config\n" });
  for (const person of ["ada", "bob"]) repository.collaborators.add(person);
  return repository;
}

function pushTo(repository: GithubRepository, to: RefName): string {
  const branch = shortRef(to);
  repository.git.git("update-ref", to, repository.tip(branch) ?? repository.tip("main") ?? "");
  return repository.git.push(shortRef(to), { [`file-${++count}`]: "x\n" });
}

const proposalsOf = ({ fullName }: GithubRepository, token: string) =>
  createProposals({
    forge: "github",
    apiUrl: github.apiUrl,
    repository: fullName,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

/** As a person does it. */
async function asAda(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${ada}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return response.json();
}

for (const login of ["github-actions[bot]", "glu-acme[bot]", "glu"]) {
  proposalsContract(`GitHub's API as ${login}`, async () => {
    const repository = repositoryNamed();
    const at = `/repos/${repository.fullName}`;
    return {
      proposals: proposalsOf(repository, github.token(login)),
      base,
      people: ["ada", "bob"],
      push: async (to) => pushTo(repository, to),
      merge: async (number) => void (await asAda("PUT", `${at}/pulls/${number}/merge`, { merge_method: "squash" })),
      removeBranch: async (branch) => void repository.git.git("update-ref", "-d", branch),
      requireStatus: async () => {
        repository.autoMerge = true;
        repository.required.add("ci");
      },
      pass: async (number) => repository.pass(repository.pull(number)?.headSha ?? "", "ci"),
      close: async (number) => void (await asAda("PATCH", `${at}/pulls/${number}`, { state: "closed" })),
      openAsOther: async (place, body) => {
        const [head, into] = [shortRef(place.branch), shortRef(place.base)];
        const pull = await asAda("POST", `${at}/pulls`, { head, base: into, title: "x", body });
        return (pull as { number: number }).number;
      },
      seen: async (number) => {
        const pull = (await asAda("GET", `${at}/pulls/${number}`)) as Pull;
        const comments = (await asAda("GET", `${at}/issues/${number}/comments`)) as { body: string }[];
        return {
          title: pull.title,
          body: pull.body ?? "",
          draft: pull.draft,
          labels: pull.labels.map(({ name }) => name),
          assignees: pull.assignees.map((one) => one.login),
          reviewers: pull.requested_reviewers.map((one) => one.login),
          comments: comments.map((one) => one.body),
        };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  });
}

interface Pull {
  title: string;
  body: string | null;
  draft: boolean;
  labels: { name: string }[];
  assignees: { login: string }[];
  requested_reviewers: { login: string }[];
}

it("is found among more than five hundred of a place, in as many calls as there are pages", async () => {
  const repository = repositoryNamed();
  const place = { branch: "refs/heads/glu/production/web" as RefName, base };
  pushTo(repository, place.branch);
  const proposals = proposalsOf(repository, github.token("glu"));
  const first = await proposals.open(place, { title: "First", body: "One." }, plain);
  const [pull] = repository.pulls;
  // People opened and closed those after it.
  for (let number = 2; number <= 530; number++) {
    repository.pulls.push({
      ...(pull as NonNullable<typeof pull>),
      number,
      author: { login: "ada", type: "User", access: "write", seesTeams: true },
      state: "closed",
    });
  }
  github.requests.splice(0);
  expect(await proposals.of(place)).toMatchObject([{ number: first.number }]);
  expect(github.requests.filter(({ name }) => name.endsWith("/pulls"))).toHaveLength(6);
});

const plain = { draft: false, labels: [], reviewers: [], assignees: [] };
