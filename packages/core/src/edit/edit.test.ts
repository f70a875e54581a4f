import { expect, it } from "vitest";
import { z } from "zod";
import { appName, envName, repoPath } from "../model/names.ts";
import { emptyRecord } from "../model/record.ts";
import type { Editor } from "../ports/editor.ts";
import { bytes } from "../test-kit/memory.ts";
import { prepareEdits } from "./edit.ts";

const path = repoPath("values");

/** A whole file as one value, whatever the selector is called. */
const whole: Editor = {
  kind: "whole",
  options: z.unknown(),
  paths: () => [path],
  edit: (options) => {
    const { selector, value } = options as { selector: string; value: string };
    const writes = [{ path, selector, value, editor: "whole" }];
    return { kind: "edited", files: new Map([[path, bytes(value)]]), writes };
  },
  read: (file) => new TextDecoder().decode(file),
};
const write = (selector: string, value: string) => ({ editor: whole, options: { selector, value }, paths: [path] });
const overlay = new Map([[path, { kind: "file", executable: false, content: bytes("0") } as const]]);
const record = emptyRecord(appName("web"), envName("staging"));

it("one place under two names cannot be written to two values, by one app or by two", () => {
  const contradiction = { kind: "refused", code: "edit/contradiction", path };
  expect(prepareEdits([write("a", "1"), write("b", "2")], overlay, record)).toMatchObject(contradiction);
  expect(prepareEdits([write("a", "1"), write("b", "1")], overlay, record).kind).toBe("edited");
  const after = new Map([[path, { kind: "file", executable: false, content: bytes("1") } as const]]);
  const earlier = { tip: overlay, writes: [{ path, selector: "a", value: "1", editor: "whole" }] };
  expect(prepareEdits([write("a", "2")], after, record, earlier)).toMatchObject(contradiction);
  expect(prepareEdits([write("b", "2")], after, record, earlier)).toMatchObject(contradiction);
  expect(prepareEdits([write("b", "1")], after, record, earlier).kind).toBe("edited");
});
