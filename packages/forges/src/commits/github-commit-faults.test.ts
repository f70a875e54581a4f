import { GluError, type Logger, type RefName, type RepoPath, transact } from "@glu/core";
import { type GithubFault, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openConfigByApi } from "./open-by-api.ts";

let github: GithubServer;
let token: string;
let repository: GithubRepository;
let count = 0;
/** Milliseconds; short only while there is no answer. */
let timeout = 10_000;

beforeAll(async () => {
  github = await GithubServer.start();
  token = github.token("glu-acme[bot]");
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
  github.requests.splice(0);
  github.violations.splice(0);
  repository = github.repository(`acme/config-${++count}`, { "apps/web/values.yaml": "image: a\n" });
});

const quiet: Logger = { debug() {}, progress() {}, info() {}, notice() {}, warning() {} };
const clock = { ...realClock, sleep: async () => {} };
const path = "apps/web/values.yaml" as RepoPath;
const wanted = new Uint8Array(Buffer.from("image: b\n"));
const proposal = "refs/heads/glu/production/web" as RefName;

const open = () =>
  openConfigByApi({
    asking: {
      forge: "github",
      apiUrl: github.apiUrl,
      repository: repository.fullName,
      token,
      clock,
      timeout,
      limits: { attempts: 2, base: 0, longest: 1000 },
    },
    location: `https://github.com/${repository.fullName}`,
    branch: "refs/heads/main" as RefName,
    ahead: { files: [], folders: ["apps/web" as RepoPath] },
    logger: quiet,
    byGit: () => Promise.reject(new Error("Git is not needed here.")),
  });

/** A promotion as a job makes it: decided again after a race, and found again after an outage. */
async function promote(): Promise<void> {
  await using config = await open();
  await transact({ repository: config, clock }, async (tip) => {
    const now = (await tip.read([path])).get(path);
    const isThere = Buffer.from(now?.content ?? []).equals(wanted);
    const commit = { message: "Promote\n\nGlu-Request: 1\n", changes: [{ path, content: wanted }] };
    return { commit: isThere ? undefined : commit, done: () => undefined };
  });
}

async function propose(): Promise<void> {
  await using config = await open();
  const onto = await config.open();
  const now = await config.proposals.read(proposal);
  if (now?.byGlu) return;
  const commit = { message: "Propose\n", changes: [{ path, content: wanted }] };
  await config.proposals.write(proposal, { onto, commit, replaces: now?.commit });
}

const page = "<html>nothing to see</html>";
const status = (code: number, headers: Record<string, string> = {}, text = JSON.stringify({ message: "No" })) => ({
  answer: { status: code, headers, text },
});
const faults: readonly [string, GithubFault][] = [
  ...[401, 403, 404, 409, 422, 429, 500, 502].map((code): [string, GithubFault] => [`${code}`, status(code)]),
  ["429 with Retry-After", status(429, { "retry-after": "1" })],
  ["403 with Retry-After", status(403, { "retry-after": "1" })],
  ["a used up rate", status(200, {}, '{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}')],
  ["a redirect", status(301, { location: "https://elsewhere.invalid" })],
  ["a page instead of JSON", status(200, {}, page)],
  ["a body that ends", { answer: "cut" }],
  ["no answer", { answer: "silent" }],
  ["502 to what was done", { done: true, ...status(502) }],
  ["a page for what was done", { done: true, ...status(200, {}, page) }],
  ["a body that ends of what was done", { done: true, answer: "cut" }],
  ["no answer to what was done", { done: true, answer: "silent" }],
];

/** Lets a request of a name, counted from 1, go wrong: once, or from then on. */
function failAt(number: number, fault: GithubFault, always: boolean): void {
  let seen = 0;
  github.fault = () => {
    seen++;
    return seen === number || (always && seen > number) ? fault : undefined;
  };
}

const scenarios = [
  ["a promotion", promote, 2, () => repository.git.git("rev-list", "--count", "main")],
  ["a proposal", propose, 7, () => repository.git.git("rev-list", "--count", proposal)],
] as const;

for (const [name, act, requests, commits] of scenarios) {
  describe(`${name} by GitHub's API`, () => {
    it(`is ${requests} requests`, async () => {
      await act();
      expect(github.requests).toHaveLength(requests);
      expect(commits()).toBe("2");
      expect(github.violations).toEqual([]);
    });

    // What both read in the same way goes wrong once.
    for (let number = act === promote ? 1 : 3; number <= requests; number++) {
      it.each(faults)(`is made once, whatever follows: request ${number} gets %s`, async (_, fault) => {
        for (const always of [false, true]) {
          repository = github.repository(`acme/config-${++count}`, { "apps/web/values.yaml": "image: a\n" });
          failAt(number, fault, always);
          timeout = fault.answer === "silent" ? 300 : 10_000;
          const error: unknown = await act().then(
            () => undefined,
            (thrown) => thrown,
          );
          if (error !== undefined) {
            expect(error).toBeInstanceOf(GluError);
            expect((error as GluError).code).toMatch(/^repository\//);
            expect((error as GluError).fix).toBeTruthy();
            expect(JSON.stringify([error, (error as GluError).message])).not.toContain(token);
          }
          github.fault = () => undefined;
          timeout = 10_000;
          await act();
          expect(commits()).toBe("2");
          expect(repository.objects.find(`${name === "a proposal" ? proposal : "main"}:${path}`)).toMatchObject({
            content: Buffer.from(wanted),
          });
        }
      });
    }
  });
}

it("an old state of the branch, after an answer was lost, leads to no second commit", async () => {
  let seen = 0;
  await promoteNothing();
  const [first] = github.requests;
  const response = await fetch(`${github.apiUrl}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
    body: JSON.stringify(first?.body),
  });
  const old = await response.text();
  github.fault = () => {
    seen++;
    if (seen === 2) return { done: true, answer: "cut" };
    return seen === 3 || seen === 4 ? { answer: { status: 200, text: old } } : undefined;
  };
  await promote();
  expect(seen).toBeGreaterThan(4);
  expect(repository.git.git("rev-list", "--count", "main")).toBe("2");
});

async function promoteNothing(): Promise<void> {
  await using config = await open();
  await config.open();
}

it.each([
  ["repository/protected", "Repository rule violations found\n\nChanges must be made through a pull request."],
  ["repository/protected", "Commits must have verified signatures."],
  ["repository/rejected", "Something went wrong while executing your query."],
])("says %s for GitHub's %j, and what to do", async (code, words) => {
  repository.rules.set("main", words);
  const text = JSON.stringify({ data: { createCommitOnBranch: null }, errors: [{ message: words }] });
  failAt(2, { answer: { status: 200, text } }, false);
  await expect(promote()).rejects.toMatchObject({ code, fix: expect.any(String) });
  expect(repository.git.git("rev-list", "--count", "main")).toBe("1");
});

it("a token that only reads is named with the permission that is missing", async () => {
  token = github.token("reader", { access: "read" });
  await expect(promote()).rejects.toMatchObject({
    code: "repository/read-only",
    fix: expect.stringContaining("contents: write"),
  });
  token = github.token("glu-acme[bot]");
});
