import { type Logger, OutsideError, type RefName, type RepoPath } from "@glu/core";
import { openConfigRepository } from "@glu/git";
import {
  GitlabServer,
  GitServer,
  plainGitEnvironment,
  proposalBranchesContract,
  realClock,
} from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { openGitlabBranches } from "./open-by-api.ts";

const branch = "refs/heads/glu/production/web" as RefName;

async function start() {
  const gitlab = await GitlabServer.start();
  gitlab.repository.push("main", {
    "apps/web/values.yaml": "image: a\n",
    "apps/web/run.sh": { content: bytes("x"), executable: true },
  });
  const { token } = gitlab.user("project_3_bot_glu", "developer");
  const server = await GitServer.start(gitlab.repository.root, { token });
  const notices: string[] = [];
  const logger: Logger = { debug() {}, progress() {}, info() {}, notice: (text) => notices.push(text), warning() {} };
  const location = server.url("config.git");
  const open = async () => {
    const options = { location, branch: "refs/heads/main" as RefName, env: plainGitEnvironment, temp: "/nonexistent" };
    const git = await openConfigRepository({ ...options, clock: realClock, credentials: { token } });
    const { apiUrl, project: repository } = gitlab;
    const limits = { attempts: 1, base: 0, longest: 0 };
    const asking = { forge: "gitlab", apiUrl, repository, token, clock: realClock, limits, timeout: 5000 } as const;
    const proposals = await openGitlabBranches({ asking, location, logger, byGit: git.proposals });
    return Object.assign(git, { proposals });
  };
  return {
    gitlab,
    notices,
    open,
    [Symbol.asyncDispose]: async () => {
      expect(gitlab.unmodelled).toEqual([]);
      await server[Symbol.asyncDispose]();
      await gitlab[Symbol.asyncDispose]();
    },
  };
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const change = (path: string, text = "image: b\n") => ({
  message: "Propose\n\nGlu-App: web\n",
  changes: [{ path: path as RepoPath, content: bytes(text) }],
});

describe("GitLab's commits API", () => {
  proposalBranchesContract(start);

  it("makes a new branch and its commit in one request, and leaves the rest to Git with a notice", async () => {
    await using fixture = await start();
    await using config = await fixture.open();
    const onto = await config.open();
    const commit = change("apps/web/values.yaml");
    const first = await config.proposals.write(branch, { onto, commit, replaces: undefined });
    expect(fixture.gitlab.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
    expect(fixture.notices).toEqual([]);
    expect(await config.proposals.read(branch)).toMatchObject({ byGlu: true });
    const replaces = first.kind === "committed" ? first.commit : undefined;
    await config.proposals.write(branch, { onto, commit: change("apps/web/new"), replaces });
    expect(fixture.notices).toEqual([expect.stringContaining("does not look where the branch points")]);
    const script = change("apps/web/run.sh", "y");
    await config.proposals.write("refs/heads/glu/x" as RefName, { onto, commit: script, replaces: undefined });
    expect(fixture.notices.at(-1)).toContain("executable");
    expect(fixture.gitlab.repository.git("ls-tree", "glu/x", "apps/web/run.sh")).toMatch(/^100755/);
  });

  it.each([
    ["an answer that is lost", { kind: "silence" as const }, true],
    ["no answer", { kind: "silence" as const }, false],
  ])("with %s there is one branch or none, and never two commits", async (_, fault, carriedOut) => {
    await using fixture = await start();
    await using config = await fixture.open();
    const onto = await config.open();
    fixture.gitlab.fault = ({ route }) => (route.startsWith("POST") ? { fault, carriedOut } : undefined);
    const write = () => config.proposals.write(branch, { onto, commit: change("f"), replaces: undefined });
    const outcome = await write().catch((error: unknown) => error);
    if (carriedOut) expect(outcome).toMatchObject({ kind: "committed" });
    else expect(outcome).toBeInstanceOf(OutsideError);
    fixture.gitlab.fault = undefined;
    if (!carriedOut) expect(await write()).toMatchObject({ kind: "committed" });
    expect(fixture.gitlab.repository.git("rev-list", "--count", `main..${branch}`)).toBe("1");
  });

  it.each([
    ["reporter", "repository/read-only"],
    [undefined, "repository/not-found"],
  ] as const)("names what a %s lacks", async (role, code) => {
    await using fixture = await start();
    await using config = await fixture.open();
    const { token } = fixture.gitlab.user("eve", role);
    const { apiUrl, project: repository } = fixture.gitlab;
    const asking = { forge: "gitlab", apiUrl, repository, token, clock: realClock } as const;
    const logger = { debug() {}, progress() {}, info() {}, notice() {}, warning() {} };
    const none = {
      read: async () => undefined,
      write: () => Promise.reject(new Error("no")),
      remove: async () => {},
      list: async () => new Map(),
      brings: async () => undefined,
    };
    const proposals = await openGitlabBranches({ asking, location: "x", logger, byGit: none });
    const written = proposals.write(branch, { onto: await config.open(), commit: change("f"), replaces: undefined });
    await expect(written).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});
