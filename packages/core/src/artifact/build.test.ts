import fc from "fast-check";
import { expect, it } from "vitest";
import { UserError } from "../errors.ts";
import type { CiContext } from "../model/ci-context.ts";
import { type AppName, sha } from "../model/names.ts";
import { type BuildArtifactPorts, buildArtifact } from "./build.ts";

const commit = sha("a".repeat(40));
const notAsked = (what: string) => () => Promise.reject(new Error(`${what} was asked for`));

/** A push on a forge, whose event has told the message of the commit, or has left it to Git. */
function ports(told: string | undefined, inGit: string): BuildArtifactPorts {
  const context: CiContext = {
    host: "github",
    event: "push",
    hostEvent: "push",
    repository: "acme/web",
    serverUrl: undefined,
    apiUrl: undefined,
    version: {
      repositoryName: "acme/web",
      sha: commit,
      branch: "main",
      ...(told === undefined ? {} : { message: told }),
    },
    fork: false,
    actor: { name: "ada", verified: true },
    run: {
      id: "1",
      number: 1,
      attempt: 1,
      workflow: "w",
      job: "j",
      matrix: undefined,
      url: undefined,
      branch: "main",
      defaultBranch: "main",
    },
    variables: {},
    traceparent: undefined,
  };
  const ada = { name: "Ada", email: "ada@example.org" };
  return {
    context,
    source: {
      commit: async () => ({
        sha: commit,
        author: ada,
        committer: ada,
        committedAt: "2026-01-02T03:04:05Z",
        message: inGit,
      }),
      branch: notAsked("the branch"),
      isAncestor: notAsked("the ancestry"),
      ancestorsAmong: notAsked("the ancestry"),
      remote: notAsked("the remote"),
      user: notAsked("the user"),
    } as unknown as BuildArtifactPorts["source"],
    registry: { resolve: notAsked("the registry") },
    store: { location: "none" } as BuildArtifactPorts["store"],
    clock: { now: () => 0, random: () => 0, sleep: async () => {} },
  };
}

const request = { app: "web" as AppName, images: [], items: [], vars: {}, manifests: [], dryRun: true, keep: [] };

async function messageOf(told: string | undefined, inGit: string): Promise<string | undefined> {
  const result = await buildArtifact(request, ports(told, inGit));
  return result.result === "ignored" ? undefined : result.artifact.version.message;
}

it("a message is the same whether a forge tells it without the end of its last line or Git with it", async () => {
  const text = "Fix it\n\nreally";
  for (const told of [undefined, text, `${text}\n`]) expect(await messageOf(told, `${text}\n`)).toBe(text);
});

it("nothing of a message is lost but white space at its end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      expect(await messageOf(text, "in Git")).toBe(text.trimEnd());
    }),
    { numRuns: 50 },
  );
});

it("an event that makes no artifact is told with the reason that its host gives", async () => {
  const { context, ...rest } = ports(undefined, "");
  const ignored = { ...context, event: undefined, hostEvent: "release", ignored: 'a release was "edited"' };
  expect(await buildArtifact(request, { ...rest, context: ignored })).toEqual({
    result: "ignored",
    reason: 'The event release of github makes no release artifact: a release was "edited".',
  });
});

it.each([
  ["github", /pull_request\.head\.sha.*fetch-depth: 2/],
  ["gitlab", /GIT_DEPTH/],
] as const)("a head that a checkout on %s does not have is told with what to check out", async (host, fix) => {
  const { context, source, ...rest } = ports(undefined, "");
  const pr = { ...context, host, event: "pr", version: { ...context.version, event: "pr" } } as const;
  const closed = new UserError("repository/unauthorised", "It may not be read.");
  const build = (commit: () => Promise<undefined>, fork = false) =>
    buildArtifact(request, { ...rest, context: { ...pr, fork }, source: { ...source, commit } as never });
  const refuse = () => Promise.reject(closed);
  await expect(build(async () => undefined)).rejects.toMatchObject({ code: "source/no-commit", seen: commit });
  await expect(build(refuse)).rejects.toMatchObject({
    code: "source/no-commit",
    message: expect.stringContaining("It may not be read."),
    fix: expect.stringMatching(fix),
  });
  await expect(build(refuse, true)).rejects.toBe(closed);
});
