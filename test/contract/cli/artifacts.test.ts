import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../e2e/sandbox.ts";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

test("an artifact is made, made again, added to, shown and listed by filters", async () => {
  await using terminal = await Terminal.start();
  const id = await terminal.create("1.1.0", "b");
  expect(await terminal.create("1.1.0", "b")).toBe(id);
  const other = await terminal.create("1.2.0", "c");
  expect(other).not.toBe(id);

  const add = ["artifact", "add", id, "--app", "web", "--item"] as const;
  expect((await terminal.json(...add, "scan=https://ci.test/43")).answer).toMatchObject({ result: "stored" });
  expect((await terminal.json(...add, "scan=https://ci.test/43")).answer).toMatchObject({ result: "exists" });
  const changed = await terminal.json(...add, "scan=https://ci.test/44");
  expect(changed).toMatchObject({ exitCode: 2, answer: { schema: "glu.error.v1", result: "error" } });

  const shown = (await terminal.json("artifact", "show", id, "--app", "web")).answer.artifact as Record<
    string,
    unknown
  >;
  expect(shown).toMatchObject({ id, app: "web", items: [{ name: "scan", url: "https://ci.test/43" }] });
  const { digest, ...document } = shown;
  expect(digest).toMatch(/^sha256:/);
  expect(violations("artifact", document)).toEqual([]);

  const sha = terminal.delivery.web.git("rev-parse", "main");
  const list = async (...filter: string[]) => {
    const { answer } = await terminal.json("artifact", "list", "--app", "web", ...filter);
    return (answer.artifacts as { id: string }[]).map((artifact) => artifact.id);
  };
  // Of one commit: the one that was made last stands first.
  const both = [other, id];
  expect(await list()).toEqual(both);
  expect(await list("--limit", "1", "--offset", "1")).toEqual(both.slice(1));
  expect(await list("--sha", sha.slice(0, 7), "--event", "manual", "--branch", "ma*")).toEqual(both);
  expect(await list("--until", "2026-05-28T20:26:39Z")).toEqual([]);
  expect(await list("--since", "2026-05-28T20:26:40Z")).toEqual(both);
  expect(await list("--event", "push")).toEqual([]);
});

test("an artifact of GimletD is imported once per app, without what its context held", async () => {
  await using terminal = await Terminal.start();
  const file = join(terminal.delivery.machine.workspace, "old.json");
  const old = {
    id: "acme/web-0123",
    version: { repositoryName: "acme/web", sha: "a".repeat(40), branch: "main", event: "push", created: 1_700_000_000 },
    context: { AWS_SECRET_ACCESS_KEY: "not-for-git", GITHUB_REF: "refs/heads/main" },
    environments: [{ app: "web", env: "staging", namespace: "default", chart: { name: "onechart" }, values: {} }],
    items: [],
  };
  writeFileSync(file, JSON.stringify(old));
  const imported = await terminal.json("artifact", "import", file);
  expect(imported.exitCode, imported.stderr).toBe(0);
  expect(imported.answer).toMatchObject({ result: "stored", artifacts: [{ app: "web", result: "stored" }] });
  const objects = terminal.delivery.config.git("cat-file", "--batch-all-objects", "--batch");
  expect(objects).toContain("acme/web-0123");
  expect(objects).not.toContain("not-for-git");
  expect((await terminal.json("artifact", "import", file)).answer).toMatchObject({ result: "exists" });
});

test("version says what package.json says", async () => {
  await using terminal = await Terminal.start();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const { answer } = await terminal.json("version");
  expect(answer).toMatchObject({ schema: "glu.version.v1", version, node: process.versions.node });
});
