import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, ConfigRepository, RefName, RepoPath, Sha, Snapshot } from "@glu/core";
import {
  BareFixture,
  type BareFixtureOptions,
  GitServer,
  type GitServerBehaviour,
  plainGitEnvironment,
  realClock,
} from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitConfigRepositoryOptions, openConfigRepository } from "./git-config-repository.ts";

const token = "ghs_s3cret/+token=";
const main = "refs/heads/main" as RefName;
const file = "apps/web/values.yaml" as RepoPath;
const change = (text: string): Commit => ({
  message: `${text}\n`,
  changes: [{ path: file, content: Buffer.from(text) }],
});

/** The way that is tested. */
let transport: "git" | "wire";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function setUp(
  behaviour: Partial<GitServerBehaviour> = {},
  options: Partial<GitConfigRepositoryOptions> = {},
  fixture: BareFixtureOptions = {},
): Promise<{ bare: BareFixture; server: GitServer; config: ConfigRepository; temp: string }> {
  const bare = new BareFixture({ seed: { [file]: "image: a\n", other: "o\n" }, ...fixture });
  const server = await GitServer.start(bare.root, behaviour);
  const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
  const location = server.url("config.git");
  const defaults = { location, branch: main, env: plainGitEnvironment, temp, clock: realClock };
  const merged = { ...defaults, ...options };
  const config = await openConfigRepository({ ...merged, env: { ...merged.env, GLU_TRANSPORT: transport } });
  cleanups.push(
    () => bare[Symbol.dispose](),
    () => server[Symbol.asyncDispose](),
    () => rmSync(temp, { recursive: true }),
  );
  cleanups.push(() => config[Symbol.asyncDispose]());
  return { bare, server, config, temp };
}

async function caught(
  promise: Promise<unknown>,
): Promise<{ code: string; kind: string; message: string; fix: string; transient?: boolean }> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "GluError", fix: expect.any(String) });
  expect(`${error} ${JSON.stringify(error)}`).not.toContain(token);
  return error as never;
}

describe.each(["git", "wire"] as const)("by the %s", (way) => {
  beforeEach(() => {
    transport = way;
  });

  describe("opening a config repository", () => {
    it("fetches without the files, and those that are read in one request", async () => {
      const { server, config } = await setUp({ token }, { credentials: { token } });
      const tip = await config.open();
      const { opened, read, committed, connections } = {
        git: { opened: 3, read: 5, committed: 7, connections: 3 },
        wire: { opened: 2, read: 4, committed: 5, connections: 1 },
      }[way];
      expect(server.requests).toHaveLength(opened);
      await tip.read([file, "other" as RepoPath]);
      expect(server.requests).toHaveLength(read);
      await tip.read([file, "other" as RepoPath]);
      await tip.list("");
      expect(server.requests).toHaveLength(read);
      await config.commit(tip, change("image: b\n"));
      expect(server.requests).toHaveLength(committed);
      expect(server.connections).toBeLessThanOrEqual(connections);
      expect(config.cost()).toMatchObject({ way, ...(way === "wire" ? { requests: 5 } : {}) });
    });

    it("fetches again only what has changed", async () => {
      const seed = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`apps/a-${index}/f`, `${index}`]));
      const { bare, server, config } = await setUp({}, {}, { seed });
      await config.open();
      const first = server.requests.reduce((sum, { sent }) => sum + sent, 0);
      bare.push("main", { "apps/a-7/f": "new" });
      server.reset();
      expect((await config.open()).commit).toBe(bare.git("rev-parse", "main"));
      expect(server.requests.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(first / 5);
    });

    it("works on a server without filters, and on one with the old protocol", async () => {
      for (const [behaviour, fixture] of [
        [{}, { filters: false }],
        [{ oldProtocol: true }, {}],
        [{ oldProtocol: true }, { filters: false }],
      ] as const) {
        const { config, bare } = await setUp(behaviour, {}, fixture);
        const tip = await config.open();
        expect((await tip.read([file])).get(file)?.content.toString()).toBe("image: a\n");
        expect(await config.commit(tip, change("b"))).toMatchObject({ kind: "committed" });
        expect(await (await config.open()).log(5)).toHaveLength(2);
        expect(bare.git("show", `main:${file}`)).toBe("b");
      }
    });

    it("tells what a commit merged, which can be read as well", async () => {
      const { bare, config } = await setUp();
      const first = bare.git("rev-parse", "main");
      bare.git("branch", "glu/production/web", "main");
      const brought = bare.push("glu/production/web", { other: "p\n" }, "Propose\n\nGlu-App: web\n");
      const tree = bare.git("rev-parse", `${brought}^{tree}`);
      bare.git("update-ref", main, bare.git("commit-tree", "-p", first, "-p", brought, "-m", "Merge", tree));
      const tip = await config.open();
      expect(await tip.log(5)).toMatchObject([
        { message: "Merge\n", merged: [brought] },
        { commit: first, merged: [] },
      ]);
      const [merged] = await (await tip.at(brought as Sha)).log(1);
      expect(merged).toMatchObject({ commit: brought, message: "Propose\n\nGlu-App: web\n", merged: [] });
    });

    it("knows a proposal that somebody added to or amended, though its message says that it is Glu's", async () => {
      const { bare, config } = await setUp();
      const branch = "refs/heads/glu/production/web" as RefName;
      const propose = (replaces: Sha | undefined, onto: Snapshot) =>
        config.proposals.write(branch, { onto, commit: change("image: b\n"), replaces });
      const tip = await config.open();
      await propose(undefined, tip);
      const written = await config.proposals.read(branch);
      expect(written?.byGlu).toBe(true);
      bare.push("glu/production/web", { other: "mine\n" }, written?.message);
      const edited = await config.proposals.read(branch);
      expect(edited).toMatchObject({ byGlu: false, message: written?.message });
      const amended = bare.git(
        "commit-tree",
        "-p",
        tip.commit,
        "-m",
        `${written?.message}`,
        `${edited?.commit}^{tree}`,
      );
      bare.git("update-ref", branch, amended);
      expect(await config.proposals.read(branch)).toMatchObject({ commit: amended, byGlu: false });
      const amend = (name: string, email: string) => {
        const args = ["commit-tree", "-p", tip.commit, "-m", `${written?.message}`, `${written?.commit}^{tree}`];
        const by = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: "Ada" };
        const made = spawnSync("git", args, { cwd: bare.path, env: { ...plainGitEnvironment, ...by } });
        bare.git("update-ref", branch, `${made.stdout}`.trim());
      };
      amend("Grace", "grace@example.org");
      expect(await config.proposals.read(branch)).toMatchObject({ byGlu: false });
      expect((await config.proposals.brings(branch, tip))?.byGlu).toBe(false);
      // The same files, message and author are what Glu wrote, whoever committed them.
      const [name = "", email = ""] = bare.git("log", "-1", "--format=%an%n%ae", `${written?.commit}`).split("\n");
      amend(name, email);
      expect(await config.proposals.read(branch)).toMatchObject({ byGlu: true });
      expect((await config.proposals.brings(branch, tip))?.byGlu).toBe(true);
    });

    it("says which branch is missing, also in an empty repository", async () => {
      const { config } = await setUp({}, { branch: "refs/heads/prod" as RefName });
      expect(await caught(config.open())).toMatchObject({
        code: "repository/no-branch",
        kind: "usage",
        message: expect.stringContaining("prod"),
      });
      const empty = await setUp({}, {}, { seed: {} });
      expect((await caught(empty.config.open())).fix).toMatch(/first commit/);
    });

    it.each([
      ["no token", undefined],
      ["a wrong token", { token: "wrong-token" }],
    ])("with %s says what to set", async (_, credentials) => {
      const { config } = await setUp({ token }, credentials === undefined ? {} : { credentials });
      const error = await caught(config.open());
      expect(error).toMatchObject({
        code: "repository/unauthorised",
        kind: "usage",
        fix: expect.stringMatching(/GLU_TOKEN/),
      });
      expect(error.message).not.toContain("wrong-token");
    });

    it("of a repository that is not there says so", async () => {
      const { bare, server } = await setUp();
      for (const location of [server.url("none.git"), join(bare.root, "none.git"), `file://${bare.root}/none.git`]) {
        const { config } = await setUp({}, { location });
        expect(await caught(config.open())).toMatchObject({ code: "repository/not-found", kind: "usage" });
      }
    });

    it("of a server that is not there or out of order may be tried again", async () => {
      const { config, server } = await setUp({ failWith: 503 });
      expect(await caught(config.open())).toMatchObject({
        code: "repository/unreachable",
        kind: "outside",
        transient: true,
      });
      await server[Symbol.asyncDispose]();
      expect(await caught(config.open())).toMatchObject({
        code: "repository/unreachable",
        kind: "outside",
        transient: true,
      });
      server[Symbol.asyncDispose] = async () => {};
    });
  });

  describe("a push", () => {
    it("to a protected branch quotes the server and says what to do", async () => {
      const { bare, config } = await setUp({ token }, { credentials: { token } });
      bare.protect("GH006: Protected branch update failed for refs/heads/main. \u001b[31mRed");
      const tip = await config.open();
      const error = await caught(config.commit(tip, change("b")));
      expect(error).toMatchObject({
        code: "repository/protected",
        kind: "usage",
        fix: expect.stringMatching(/built-in token cannot bypass/),
      });
      expect(error.message).toContain("GH006: Protected branch update failed");
      expect(error.message).not.toContain("\u001b");
      expect(bare.git("rev-parse", "main")).toBe(tip.commit);
    });

    it("with a token that may only read says so", async () => {
      const { config } = await setUp({ token, readOnly: true }, { credentials: { token } });
      const tip = await config.open();
      expect(await caught(config.commit(tip, change("b")))).toMatchObject({
        code: "repository/read-only",
        kind: "usage",
      });
    });

    it("to a checked-out branch says so", async () => {
      const { bare } = await setUp();
      const work = join(bare.root, "work");
      bare.git("clone", "--quiet", bare.path, work);
      const { config } = await setUp({}, { location: work });
      expect((await caught(config.commit(await config.open(), change("b")))).message).toMatch(/checked out/);
    });

    it("whose answer was lost is committed when the branch holds it", async () => {
      const { bare, server, config } = await setUp();
      const tip = await config.open();
      server.behaviour.dropAnswers = 1;
      const done = await config.commit(tip, change("b"));
      expect(done).toEqual({ kind: "committed", commit: bare.git("rev-parse", "main") });
    });

    it("whose answer was lost is committed also when somebody has built on it since", async () => {
      const { bare, server, config } = await setUp();
      const tip = await config.open();
      server.behaviour.dropAnswers = 1;
      server.behaviour.afterDrop = () => void bare.push("main", { theirs: "x" });
      const done = await config.commit(tip, change("b"));
      expect(done).toEqual({ kind: "committed", commit: bare.git("rev-parse", "main~1") });
    });

    it("whose answer was lost is lost when the branch holds another's", async () => {
      const { bare, server, config } = await setUp();
      const tip = await config.open();
      server.behaviour.dropAnswers = 1;
      server.behaviour.afterDrop = () => {
        bare.git("update-ref", main, tip.commit);
        bare.push("main", { theirs: "x" });
      };
      expect(await config.commit(tip, change("b"))).toEqual({ kind: "lost" });
    });

    it("whose outcome cannot be read is unclear, and may be tried again", async () => {
      const { server, config } = await setUp();
      const tip = await config.open();
      server.behaviour.dropAnswers = 1;
      server.behaviour.afterDrop = () => {
        server.behaviour.failWith = 502;
      };
      const error = await caught(config.commit(tip, change("b")));
      expect(error).toMatchObject({ code: "repository/unclear", kind: "outside", transient: true });
    });

    it("waits for another writer's lock, and lands", async () => {
      const { bare, config } = await setUp(
        {},
        { clock: { ...realClock, sleep: async () => rmSync(join(bare.path, "refs/heads/main.lock")) } },
      );
      const tip = await config.open();
      writeFileSync(join(bare.path, "refs/heads/main.lock"), "");
      expect((await config.commit(tip, change("b"))).kind).toBe("committed");
    });
  });

  describe("the token", () => {
    it("is in no argument, URL, file or output, and goes to its host only", async () => {
      const trace = mkdtempSync(join(tmpdir(), "glu-trace-"));
      cleanups.push(() => rmSync(trace, { recursive: true }));
      writeFileSync(
        join(trace, "config"),
        `[trace2]\n\teventTarget = ${trace}/events\n\tconfigParams = *\n[http]\n\textraHeader = Authorization: Basic aW5oZXJpdGVkOng=\n`,
      );
      const env = { ...plainGitEnvironment, GIT_CONFIG_GLOBAL: join(trace, "config") };
      const { server, config, temp } = await setUp({ token }, { credentials: { token }, env });
      const tip = await config.open();
      await tip.read([file]);
      await config.commit(tip, change("b"));
      const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
      expect(new Set(server.requests.map((request) => request.authorization))).toEqual(new Set([`Basic ${basic}`]));
      expect(server.requests.map(({ url }) => url).join()).not.toContain("s3cret");
      const events = readFileSync(join(trace, "events"), "utf8")
        .split("\n")
        .filter((line) => line.includes('"event":"start"'));
      expect(events.length).toBeGreaterThan(way === "git" ? 5 : 0);
      for (const text of [...events, ...filesBelow(temp)]) {
        expect(text).not.toContain(basic);
        expect(text).not.toContain(token);
      }
    });

    it("is not sent on when the server redirects to another", async () => {
      const other = await setUp();
      const { config } = await setUp({ redirectTo: other.server.origin }, { credentials: { token } });
      expect(await caught(config.open())).toMatchObject({
        code: "repository/moved",
        fix: expect.stringMatching(/redirects/),
      });
      expect(other.server.requests.filter((request) => request.authorization !== undefined)).toEqual([]);
    });
  });

  describe("commits", () => {
    it("are by the given author, else by Git's identity, else by Glu Actions", async () => {
      const {
        GIT_AUTHOR_NAME: _a,
        GIT_AUTHOR_EMAIL: _b,
        GIT_COMMITTER_NAME: _c,
        GIT_COMMITTER_EMAIL: _d,
        ...bareEnv
      } = plainGitEnvironment;
      const who = "%an <%ae> / %cn <%ce>";
      const author = { name: "Ada", email: "ada@test.invalid" };
      const configured = {
        GIT_CONFIG_COUNT: "2",
        GIT_CONFIG_KEY_0: "user.name",
        GIT_CONFIG_VALUE_0: "Team",
        GIT_CONFIG_KEY_1: "user.email",
        GIT_CONFIG_VALUE_1: "team@test.invalid",
      };
      for (const [env, given, seen] of [
        [bareEnv, author, "Ada <ada@test.invalid> / Glu Actions <glu-actions@glu.invalid>"],
        [bareEnv, undefined, "Glu Actions <glu-actions@glu.invalid> / Glu Actions <glu-actions@glu.invalid>"],
        [{ ...bareEnv, ...configured }, undefined, "Team <team@test.invalid> / Team <team@test.invalid>"],
        [{ ...bareEnv, ...configured }, author, "Ada <ada@test.invalid> / Team <team@test.invalid>"],
      ] as const) {
        const { bare, config } = await setUp({}, { env });
        await config.commit(await config.open(), { ...change("b"), ...(given && { author: given }) });
        expect(bare.git("log", "-1", `--format=${who}`, "main")).toBe(seen);
      }
    });

    it("are the same whatever the user's Git configuration says", async () => {
      const folder = mkdtempSync(join(tmpdir(), "glu-user-"));
      cleanups.push(() => rmSync(folder, { recursive: true }));
      for (const hook of ["pre-push", "reference-transaction", "commit-msg"]) {
        writeFileSync(join(folder, hook), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      }
      const settings = [
        `core.hooksPath=${folder}`,
        "color.ui=always",
        "log.showSignature=true",
        "log.decorate=full",
        "format.pretty=oneline",
        "fetch.prune=true",
        "fetch.output=compact",
        "fetch.writeCommitGraph=true",
        "fetch.recurseSubmodules=true",
        "transfer.fsckObjects=true",
        "push.followTags=true",
        "push.default=nothing",
        "push.negotiate=true",
        "push.recurseSubmodules=check",
        "submodule.recurse=true",
        "i18n.commitEncoding=ISO-8859-1",
        "i18n.logOutputEncoding=ISO-8859-1",
        "safe.bareRepository=explicit",
        "core.autocrlf=true",
        "core.ignoreCase=true",
        "pull.rebase=true",
        "remote.pushDefault=nowhere",
        "extensions.partialClone=nowhere",
        "protocol.version=0",
      ];
      const values = settings.flatMap((setting, index) => [
        [`GIT_CONFIG_KEY_${index}`, setting.slice(0, setting.indexOf("="))],
        [`GIT_CONFIG_VALUE_${index}`, setting.slice(setting.indexOf("=") + 1)],
      ]);
      const env = { ...plainGitEnvironment, ...Object.fromEntries(values), GIT_CONFIG_COUNT: String(settings.length) };
      const { bare, config } = await setUp({}, { env });
      const tip = await config.open();
      expect((await tip.read([file])).get(file)?.content.toString()).toBe("image: a\n");
      const text = "image: ü\r\n";
      const done = await config.commit(tip, {
        message: "Größer\n",
        changes: [{ path: file, content: Buffer.from(text) }],
      });
      expect(done).toEqual({ kind: "committed", commit: bare.git("rev-parse", "main") });
      expect(bare.git("show", `main:${file}`)).toBe(text.replace(/\n$/, ""));
      expect((await (await config.open()).log(9)).map((entry) => entry.message)).toEqual(["Größer\n", "Begin\n"]);
    });

    it("leave no temporary file behind", async () => {
      const { config, temp } = await setUp();
      await config.open();
      expect(readdirSync(temp)).toHaveLength(way === "git" ? 1 : 0);
      await config[Symbol.asyncDispose]();
      expect(readdirSync(temp)).toEqual([]);
    });
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
