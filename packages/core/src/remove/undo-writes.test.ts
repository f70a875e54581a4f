import { describe, expect, it } from "vitest";
import { repoPath, type Sha } from "../model/names.ts";
import type { Editor } from "../ports/editor.ts";
import { bytes, linesEditor } from "../test-kit/memory.ts";
import { type UndoOptions, undoWrites } from "./undo-writes.ts";
import type { WrittenThere } from "./written-there.ts";

const path = repoPath("a.txt");
const commit = "c".repeat(40) as Sha;
/** Puts back whole lines. */
const editor: Editor = {
  ...(linesEditor as Editor),
  undo: (_path, file, before, [selector = ""]) => {
    const line = new RegExp(`^${selector}: .*$`, "m");
    const old = before && line.exec(new TextDecoder().decode(before))?.[0];
    return { kind: "undone", file: bytes(new TextDecoder().decode(file).replace(line, old ?? "")) };
  },
};
const written = (more: Partial<WrittenThere> = {}): WrittenThere => ({
  ...{ path, selector: "tag", value: "2", editor: "lines", before: commit, current: true, ...more },
});
const options: UndoOptions = {
  now: new Map([[path, bytes("a: 1\ntag: 2\n")]]),
  at: () => bytes("a: 1\ntag: 1\n"),
  editors: [editor],
  alsoBy: () => undefined,
  whole: new Set(),
  made: new Set(),
};

describe("what was written is undone", () => {
  it("to what stood there", () => {
    expect(undoWrites([written()], options)).toMatchObject({
      values: [{ how: "restored", before: "1" }],
      changes: [{ path, after: bytes("a: 1\ntag: 1\n") }],
    });
  });

  it.each<[string, Partial<WrittenThere>, Partial<UndoOptions>]>([
    ["it is also written by api in staging", {}, { alsoBy: () => "api in staging" }],
    ["nothing here can take out what lines wrote", {}, { editors: [linesEditor as Editor] }],
    ["it is not there any more", {}, { now: new Map() }],
    ["it is not there any more", { selector: "gone" }, {}],
    ["it was changed since it was last written", { current: false, value: "3" }, {}],
    ["the history of the branch does not tell what was there before", { before: undefined }, {}],
  ])("but stays where %s", (why, more, other) => {
    const undone = undoWrites([written(more)], { ...options, ...other });
    expect(undone).toMatchObject({ values: [{ how: "kept", why }], changes: [] });
  });

  it("with its file, where that goes whole", () => {
    const undone = undoWrites([written()], { ...options, whole: new Set([path]) });
    expect(undone).toMatchObject({ values: [{ how: "removed" }], changes: [{ path, after: undefined }] });
  });
});
