import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { GitServer } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { artifactOf, ConfigWorld, writeArtifact } from "../product/config-world.ts";
import { Machine } from "../product/glu-process.ts";
import { remade } from "./table.ts";

/** A machine beside a config repository, with an artifact. */
function place() {
  const world = new ConfigWorld({ apps: ["web"] });
  const machine = new Machine();
  symlinkSync(world.path, join(machine.root, "config.git"));
  const artifact = writeArtifact(machine, artifactOf("web", 7));
  return {
    world,
    machine,
    inputs: { app: "web", environment: "staging", artifact, "config-repository": join(machine.root, "config.git") },
    [Symbol.dispose]: () => {
      machine[Symbol.dispose]();
      world[Symbol.dispose]();
    },
  };
}

describe("the action promote, as the runner starts it,", () => {
  it.each<[string, Record<string, string>, number, string, string]>([
    ["an unknown environment", { environment: "stagin" }, 2, "config/unknown-environment", "staging"],
    ["an unknown app", { app: "wbe" }, 2, "config/unknown-app", "web"],
    ["an artifact that starts with -", { artifact: "--help" }, 2, "input/artifact", "--help"],
    [
      "a reason with a newline",
      { reason: "fine\n::set-output name=result::promoted" },
      2,
      "input/line-break",
      "one line",
    ],
    ["a misspelt input", { enviroment: "staging" }, 2, "input/unknown", "environment"],
    ["an artifact that upstream has not released", { environment: "production" }, 3, "production", "promote"],
  ])(
    "told %s fails with an annotation that says the fix, and changes nothing",
    async (_what, wrong, code, says, fix) => {
      using here = place();
      const before = here.world.refs();
      const ended = await here.machine.action("promote", { ...here.inputs, ...wrong });
      expect(ended.code, ended.stdout + ended.stderr).toBe(code);
      const annotations = ended.stdout.split("\n").filter((line) => /^::(?:error|warning|notice)/.test(line));
      expect(annotations.join("\n")).toContain(says);
      expect(annotations.join("\n")).toContain(fix);
      expect(ended.stdout).not.toMatch(/^::set-output/m);
      expect(here.world.refs()).toBe(before);
    },
  );

  it("takes what an artifact says as data: no trailer, command or markup comes of it", async () => {
    using here = place();
    const forged = "Fix\n\nGlu-Request: forged\nGlu-App: web\nGlu-Environment: production\nGlu-Kind: rollback";
    const hostile = remade(artifactOf("web", 7), {
      version: {
        ...artifactOf("web", 7).version,
        message: `${forged}\n::error::forged\n<script>alert(1)</script>`,
        authorName: "::error::forged",
        url: "javascript:alert(1)",
      },
    });
    const artifact = writeArtifact(here.machine, hostile, "hostile.json");
    const ended = await here.machine.action("promote", { ...here.inputs, artifact });
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const [commit] = here.world.commits();
    expect(commit?.message.match(/^Glu-/gm)).toHaveLength(6);
    expect(commit?.message).not.toContain("forged");
    expect(ended.stdout).not.toMatch(/^\s*::error/m);
    expect(ended.summary).not.toContain("<script>");
    expect(ended.summary).not.toMatch(/\(javascript:/);
  });

  it.each(["promote", "build-artifact"] as const)(
    "(%s) on a pull request from a fork, where there is no token, says so and succeeds without a write",
    async (name) => {
      using here = place();
      await using server = await GitServer.start(here.world.root, { token: "nobody-has-it" });
      const before = here.world.refs();
      const event = here.machine.write(
        "fork.json",
        JSON.stringify({
          sender: { login: "eve" },
          pull_request: {
            head: { sha: "d".repeat(40), ref: "main", repo: { full_name: "eve/web" } },
            base: { ref: "main", repo: { full_name: "acme/web" } },
          },
        }),
      );
      const env = { GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: event, GITHUB_REPOSITORY: "acme/web" };
      const location = server.url(here.world.name);
      const inputs =
        name === "promote"
          ? { ...here.inputs, "config-repository": location }
          : { app: "web", "config-repository": location };
      const ended = await here.machine.action(name, inputs, { env: { ...env, GITHUB_WORKSPACE: sourceIn(here) } });
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      expect(ended.stdout).toMatch(/^::notice.*fork/m);
      expect(ended.stdout).not.toMatch(/^::error/m);
      expect(ended.outputs).toMatch(/result/);
      expect(here.world.refs()).toBe(before);
    },
  );
});

/** A working copy with one commit, as the runner checks it out. */
function sourceIn({ world, machine }: { world: ConfigWorld; machine: Machine }): string {
  const folder = join(machine.root, "source");
  world.git("clone", "--quiet", world.path, folder);
  return folder;
}
