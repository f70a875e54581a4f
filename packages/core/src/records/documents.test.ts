import { describe, expect, it } from "vitest";
import { freeze, unfreeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import { repoPath, requestId } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, world } from "../test-kit/memory.ts";

const a1 = artifactOf("web", 1);
const hold = { reason: "incident", actor: { name: "ada", verified: true }, request: requestId("f") };

/** A frozen environment, and this in the place of a path; what lies below it is gone from sight. */
async function hidden(path: string, kind: FileAt["kind"]) {
  const made = world({ artifacts: [a1] });
  await freeze({ ...hold, scope: "all", until: undefined }, made.ports);
  const { files } = made.repository.commits.at(-1)!;
  for (const name of files.keys()) if (name === path || name.startsWith(`${path}/`)) files.delete(name);
  files.set(repoPath(path), { kind, executable: false, content: new Uint8Array() });
  return made;
}

describe("what is no plain file in the place of the state", () => {
  it.each<[string, FileAt["kind"], string]>([
    [".glu", "symlink", ".glu is a symbolic link, not a folder"],
    [".glu/_freeze", "symlink", ".glu/_freeze is a symbolic link, not a folder"],
    [".glu/_freeze", "submodule", ".glu/_freeze is a submodule, not a folder"],
    [".glu/_freeze", "file", ".glu/_freeze is a file, not a folder"],
    [".glu/_freeze/all.json", "symlink", "it is a symbolic link, not a file"],
    [".glu/_freeze/staging.json", "submodule", "it is a submodule, not a file"],
    [".glu/web", "symlink", ".glu/web is a symbolic link, not a folder"],
    [".glu/web/staging.pin.json", "symlink", "it is a symbolic link, not a file"],
    [".glu/web/staging.json", "submodule", "it is a submodule, not a file"],
  ])("%s as a %s refuses, and is not taken for none", async (path, kind, why) => {
    const { ports, ask, repository } = await hidden(path, kind);
    const { decisions, board } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions[0]).toMatchObject({ result: "refused", gates: [{ code: "record/malformed" }] });
    expect(decisions[0]?.reason).toContain(why);
    expect(board[0]?.unreadable).toContain(why);
    expect(repository.commits).toHaveLength(2);
  });

  it("stops the commands that write it", async () => {
    const { ports } = await hidden(".glu/_freeze", "symlink");
    const code = expect.objectContaining({ code: "record/malformed" });
    await expect(unfreeze({ ...hold, scope: "all" }, ports)).rejects.toEqual(code);
    await expect(freeze({ ...hold, scope: "staging", until: undefined }, ports)).rejects.toEqual(code);
    const linked = await hidden(".glu/web", "submodule");
    const place = { app: "web", environment: "staging", artifact: undefined, until: undefined };
    await expect(pin({ ...hold, ...place }, linked.ports)).rejects.toEqual(code);
  });
});

describe("a record whose history is damaged", () => {
  it("still tells what runs there, and decides nothing", async () => {
    const { ports, ask, repository } = world({ artifacts: [a1] });
    await promote(ask({ environments: ["staging"] }), ports);
    const files = repository.commits.at(-1)!.files;
    const path = repoPath(".glu/web/staging.json");
    const record = JSON.parse(new TextDecoder().decode(files.get(path)!.content));
    const content = new TextEncoder().encode(JSON.stringify({ ...record, history: [{ request: "lost" }] }));
    files.set(path, { kind: "file", executable: false, content });
    const { decisions, board } = await promote(ask({ environments: ["staging"], request: requestId("again") }), ports);
    expect(board.find(({ environment }) => environment === "staging")).toMatchObject({
      release: { artifact: { id: a1.id } },
      unreadable: undefined,
    });
    expect(decisions[0]).toMatchObject({ result: "refused", gates: [{ code: "record/malformed" }] });
  });
});
