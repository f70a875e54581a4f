import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GitServer, type GitServerBehaviour } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { artifactOf, ConfigWorld, writeArtifact } from "../product/config-world.ts";
import { type Ended, Machine } from "../product/glu-process.ts";
import { formsOf, SpyingGit } from "./spying-git.ts";

/** A token with everything that some encoding changes; tokens are ASCII. */
const canary = 'ghx_C4n4ry+/"&%<>=?~tok';

/** What would make Git, curl or the runner print more than they should. */
const talkative = {
  GIT_TRACE: "1",
  GIT_TRACE2: "1",
  GIT_TRACE_CURL: "1",
  GIT_TRACE_PACKET: "1",
  GIT_TRACE_REDACT: "0",
  GIT_CURL_VERBOSE: "1",
  RUNNER_DEBUG: "1",
  ACTIONS_STEP_DEBUG: "true",
  DEBUG: "*",
};

type Shell = "glu" | "action";
type Told = Ended & { outputs?: string; summary?: string };

interface Place {
  world: ConfigWorld;
  url: string;
  run(more?: { token?: string | undefined; env?: Record<string, string>; location?: string }): Promise<Told>;
}

/** A config repository behind a server, and a promotion into it with the token, by the command or as an action. */
async function withServer(
  shell: Shell,
  behaviour: Partial<GitServerBehaviour>,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  using world = new ConfigWorld({ apps: ["web"] });
  using machine = new Machine();
  using spy = new SpyingGit(machine.root, canary);
  await using server = await GitServer.start(world.root, behaviour);
  const artifact = writeArtifact(machine, artifactOf("web", 7));
  await use({
    world,
    url: server.url(world.name),
    run: async ({ token = canary, env = {}, location = server.url(world.name) } = {}) => {
      const inputs = { app: "web", environment: "staging", artifact, "config-repository": location };
      const all = { ...talkative, ...spy.env, ...env };
      const ended: Told =
        shell === "action"
          ? await machine.action("promote", { ...inputs, ...(token === "" ? {} : { token }) }, { env: all })
          : await machine.glu(["promote", ...Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value])], {
              env: { ...all, ...(token === "" ? {} : { GLU_TOKEN: token }) },
            });
      // The mask is an order to the runner, which does not print it.
      const printed = ended.stdout.replace(/^::add-mask::.*$/gm, "");
      const written = spy.world(world);
      const everything = [printed, ended.stderr, ended.outputs ?? "", ended.summary ?? "", written].join("\n");
      for (const form of formsOf(canary)) expect(everything, "the token is nowhere").not.toContain(form);
      expect(spy.leaks(), "the token is in no argument and no file, at no time").toEqual([]);
      // A spy that was not on the way proves nothing. (A location that is refused may be so before any git runs.)
      if (!/credentials-in-url/.test(ended.stdout + ended.stderr)) expect(spy.calls()).not.toEqual([]);
      return ended;
    },
  });
}

const told = ({ stdout, stderr }: Told) => `${stdout}\n${stderr}`;

describe.concurrent.each(["glu", "action"] as const)("by %s, a server that", (shell) => {
  it("takes the token lets the promotion land, and the token is nowhere", () =>
    withServer(shell, { token: canary }, async ({ world, run }) => {
      const ended = await run();
      expect(ended.code, told(ended)).toBe(0);
      expect(world.commits()).toHaveLength(1);
    }));

  it.each<[string, Partial<GitServerBehaviour>, string, number]>([
    ["refuses the token", { token: "another" }, "repository/unauthorised", 2],
    ["lets it read only", { token: canary, readOnly: true }, "repository/read-only", 2],
    ["redirects to where the token must not go", { redirectTo: "http://127.0.0.1:9" }, "repository/moved", 2],
  ])("%s is told by code, nothing changes, and the token is nowhere", (_what, behaviour, code, exit) =>
    withServer(shell, behaviour, async ({ world, run, url }) => {
      const before = world.refs();
      const ended = await run();
      expect(ended.code, told(ended)).toBe(exit);
      expect(told(ended)).toContain(code);
      expect(told(ended)).toContain(url);
      expect(world.refs()).toBe(before);
    }),
  );

  it("protects the branch is told with what to do, nothing changes, and the token is nowhere", () =>
    withServer(shell, { token: canary }, async ({ world, run }) => {
      world.fixture.protect("GH006: Protected branch update failed for refs/heads/main.");
      const before = world.refs();
      const ended = await run();
      expect(ended.code, told(ended)).toBe(2);
      expect(told(ended)).toContain("repository/protected");
      expect(told(ended)).toContain("built-in token cannot bypass");
      expect(world.refs()).toBe(before);
    }));

  it("is asked without a token is told so", () =>
    withServer(shell, { token: canary }, async ({ world, run }) => {
      const before = world.refs();
      const ended = await run({ token: "" });
      expect(ended.code, told(ended)).toBe(2);
      expect(told(ended)).toContain("repository/unauthorised");
      expect(told(ended)).toContain("GLU_TOKEN");
      expect(world.refs()).toBe(before);
    }));

  it("is given the token in its URL is not asked, and the URL is not repeated", () =>
    withServer(shell, { token: canary }, async ({ world, run, url }) => {
      const before = world.refs();
      const secret = encodeURIComponent(canary);
      const ended = await run({ token: "", location: url.replace("http://", `http://ada:${secret}@`) });
      expect(ended.code, told(ended)).toBe(2);
      expect(told(ended)).toContain("repository/credentials-in-url");
      expect(world.refs()).toBe(before);
    }));
});

describe("a server that is not there", () => {
  it("is an outside failure, which says what could not be reached", { timeout: 60_000 }, () =>
    withServer("glu", {}, async ({ run }) => {
      const ended = await run({ location: "http://127.0.0.1:9/config.git" });
      expect(ended.code, told(ended)).toBe(4);
      expect(told(ended)).toContain("repository/unreachable");
      expect(told(ended)).toContain("127.0.0.1:9");
    }),
  );
});

describe("a server that repeats the header it was sent", () => {
  it.each(["glu", "action"] as const)("does not get the token printed (%s)", async (shell) => {
    const echo = createServer((request, response) => {
      const header = request.headers.authorization ?? "";
      const plain = Buffer.from(header.replace(/^basic /i, ""), "base64").toString("utf8");
      response.writeHead(403, { "content-type": "text/plain" }).end(`You sent ${header}, that is ${plain}.\n`);
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    try {
      const location = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/config.git`;
      await withServer(shell, {}, async ({ run }) => {
        const ended = await run({ location });
        expect(ended.code, told(ended)).toBe(2);
        expect(told(ended)).toContain("You sent");
      });
    } finally {
      echo.closeAllConnections();
      echo.close();
    }
  });
});

describe("a repository without a commit", () => {
  it("is told as such, and stays so", async () => {
    using world = new ConfigWorld({ apps: ["web"] });
    world.git("update-ref", "-d", "refs/heads/main");
    using machine = new Machine();
    const artifact = writeArtifact(machine, artifactOf("web", 7));
    const ended = await machine.glu([
      "promote",
      "--app",
      "web",
      "--artifact",
      artifact,
      "--config-repository",
      world.path,
    ]);
    expect(ended.code, told(ended)).toBe(2);
    expect(told(ended)).toContain("repository/no-branch");
    expect(world.refs()).toBe("");
  });
});

describe("a token given as a flag, which there is not,", () => {
  it.each([[[`--token=${canary}`]], [["--token", canary]]])("is not repeated", async (words) => {
    using machine = new Machine();
    const ended = await machine.glu(["promote", ...words]);
    expect(ended.code).toBe(2);
    expect(told(ended)).toContain("--token");
    for (const form of formsOf(canary)) expect(told(ended)).not.toContain(form);
  });
});
