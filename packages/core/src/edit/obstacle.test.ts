import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { type RepoPath, repoPath } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";

/** A whole file, made where there is none; the second path is another candidate, as Kustomize has them. */
const whole: Editor<{ whole: string; or?: string | undefined }> = {
  kind: "whole",
  options: z.object({ whole: z.string(), or: z.string().optional() }),
  paths: ({ whole: path, or }) => [path, ...(or === undefined ? [] : [or])].map(repoPath),
  edit: ({ whole: first, or }, files) => {
    const path = repoPath(or !== undefined && files.has(repoPath(or)) ? or : first);
    const writes = [{ path, selector: "whole", value: "v", editor: "whole" }];
    return { kind: "edited", files: new Map([[path, bytes("v")]]), writes };
  },
  read: (file) => new TextDecoder().decode(file),
};

interface Written {
  path: string;
  or?: string | undefined;
}

/** Apps that each make files, in a repository with these files, links and submodules. */
function worldOf(apps: Record<string, Written[]>, tip: Record<string, "file" | "symlink" | "submodule">) {
  const names = Object.keys(apps);
  const base = pipelineOf(names, [environment("staging", { policy: onMain })]);
  const declared = [...base.apps].map(([name, app]) => {
    const write = (apps[name] ?? []).map(({ path, or }) => ({
      editor: "whole",
      options: { whole: path, ...(or === undefined ? {} : { or }) },
      line: undefined,
    }));
    return [name, { ...app, write }] as const;
  });
  const made = world({
    apps: names,
    pipeline: { ...base, apps: new Map(declared) },
    artifacts: names.map((name) => artifactOf(name, 1)),
    files: { "README.md": "" },
  });
  const files = made.repository.commits[0]!.files as Map<RepoPath, FileAt>;
  for (const [path, kind] of Object.entries(tip)) {
    files.set(path as RepoPath, { kind, executable: false, content: bytes("old") });
  }
  const ports = { ...made.ports, editors: [whole as Editor] };
  const run = (plan: boolean) => promote(made.ask({ apps: [], environments: ["staging"], plan }), ports);
  return { run, repository: made.repository };
}

const resultsOf = async (...given: Parameters<typeof worldOf>) => {
  const { run } = worldOf(...given);
  const planned = (await run(true)).decisions.map(({ result }) => result);
  const { decisions } = await run(false);
  expect(planned).toEqual(decisions.map(({ result }) => (result === "promoted" ? "planned" : result)));
  return decisions.map(({ intent, result, gates }) => [
    intent.app,
    result,
    ...gates.flatMap(({ met, seen }) => (met ? [] : [seen])),
  ]);
};

describe("an app that would make a file where something stands is refused, and others are promoted", () => {
  it.each<[string, string, Record<string, "file" | "symlink" | "submodule">, string]>([
    ["a folder", "d", { "d/x": "file" }, 'd: "d" cannot be written as a file: "d" is a folder.'],
    ["a folder with folders only", "d", { "d/e/x": "file" }, 'd: "d" cannot be written as a file: "d" is a folder.'],
    [
      "below a file",
      "f/x/y",
      { f: "file" },
      'f/x/y: "f/x/y" cannot be written as a file: "f" is a file, not a folder.',
    ],
    [
      "below a link",
      "l/x",
      { l: "symlink" },
      'l/x: "l/x" cannot be written as a file: "l" is a symbolic link, not a folder.',
    ],
    [
      "in a submodule",
      "a/s/x",
      { "a/s": "submodule" },
      'a/s/x: "a/s/x" cannot be written as a file: "a/s" is a submodule, not a folder.',
    ],
  ])("%s", async (_, path, tip, seen) => {
    expect(await resultsOf({ bad: [{ path }], web: [{ path: "ok" }] }, tip)).toEqual([
      ["bad", "refused", seen],
      ["web", "promoted"],
    ]);
  });

  it("a link at the path", async () => {
    expect(await resultsOf({ bad: [{ path: "l" }], web: [{ path: "ok" }] }, { l: "symlink" })).toEqual([
      ["bad", "refused", "l: l is a symlink."],
      ["web", "promoted"],
    ]);
  });

  it("below a file of an earlier one, or where an earlier one makes a folder", async () => {
    expect(await resultsOf({ a: [{ path: "x" }], b: [{ path: "x/y" }] }, {})).toEqual([
      ["a", "promoted"],
      ["b", "refused", 'x/y: "x/y" cannot be written as a file: "x" is a file, not a folder.'],
    ]);
    expect(await resultsOf({ a: [{ path: "x/y" }], b: [{ path: "x" }] }, {})).toEqual([
      ["a", "promoted"],
      ["b", "refused", 'x: "x" cannot be written as a file: "x" is a folder.'],
    ]);
  });

  it("below a file of its own", async () => {
    expect(await resultsOf({ a: [{ path: "x" }, { path: "x/y" }], b: [{ path: "z" }] }, {})).toEqual([
      ["a", "refused", 'x/y: "x/y" cannot be written as a file: the same commit makes "x" a file.'],
      ["b", "promoted"],
    ]);
  });
});

it("nothing is looked up when the files are there", async () => {
  const { run, repository } = worldOf({ web: [{ path: "x", or: "y" }] }, { y: "file" });
  let [reads, lists] = [0, 0];
  const open = repository.open.bind(repository);
  repository.open = async () => {
    const tip = await open();
    const read: typeof tip.read = (paths) => {
      reads += 1;
      return tip.read(paths);
    };
    const list: typeof tip.list = (folder) => {
      lists += 1;
      return tip.list(folder);
    };
    return { ...tip, read, list };
  };
  expect((await run(false)).result).toBe("promoted");
  expect([reads, lists]).toEqual([1, 0]);
});

it("what is planned is never stopped by what stands in the way, whatever the tree and the paths are", async () => {
  const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
  const tip = fc
    .array(fc.tuple(path, fc.constantFrom("file" as const, "symlink" as const, "submodule" as const)), { maxLength: 4 })
    // Git has no file below a file.
    .map((entries) =>
      Object.fromEntries(
        entries.filter(
          ([one]) => !entries.some(([other]) => one.startsWith(`${other}/`) || other.startsWith(`${one}/`)),
        ),
      ),
    );
  const written = fc.record({ path, or: fc.option(path, { nil: undefined }) });
  const apps = fc.record({
    one: fc.array(written, { minLength: 1, maxLength: 2 }),
    three: fc.array(written, { minLength: 1, maxLength: 2 }),
    two: fc.array(written, { minLength: 1, maxLength: 2 }),
  });
  const outcomes = { promoted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(apps, tip, async (all, entries) => {
      const { run } = worldOf(all, entries);
      const planned = (await run(true)).decisions.map(({ result }) => (result === "planned" ? "promoted" : result));
      const done = await run(false).catch((error: unknown) => {
        if (error instanceof UserError) throw new Error(`stopped whole: ${error.message}`);
        throw error;
      });
      expect(done.decisions.map(({ result }) => result)).toEqual(planned);
      for (const result of planned) outcomes[result as keyof typeof outcomes] += 1;
    }),
    { numRuns: 300 },
  );
  expect(Math.min(outcomes.promoted, outcomes.refused)).toBeGreaterThan(50);
});
