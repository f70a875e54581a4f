import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { repoPath } from "../model/names.ts";
import type { Editor } from "../ports/editor.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, linesEditor, pipelineOf, world } from "../test-kit/memory.ts";
import { renderOptions } from "./render-options.ts";

const editor: Editor = {
  kind: "lines",
  options: z.strictObject({
    lines: z.string().min(1),
    set: z.record(z.string().min(1), z.string()).optional(),
    mode: z.enum(["a", "b"]).optional(),
  }),
  paths: () => [],
  edit: () => ({ kind: "edited", files: new Map(), writes: [] }),
  read: () => undefined,
};

/** Templates of one letter: `$E` is empty, `$A` is `a`, `$P` is `__proto__`. */
const render = (text: string) => text.replaceAll("$E", "").replaceAll("$A", "a").replaceAll("$P", "__proto__");

function rendered(options: Record<string, unknown>, line: number | undefined = 12): unknown {
  return renderOptions({ editor: "lines", options, line }, editor, render, repoPath("glu.yaml"));
}

function refusal(options: Record<string, unknown>): UserError {
  try {
    rendered(options);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("options whose templates are rendered", () => {
  it("have every text and key rendered", () => {
    expect(rendered({ lines: "x/$A", set: { "$A.b": "$A$E", c: "" } })).toEqual({
      lines: "x/a",
      set: { "a.b": "a", c: "" },
    });
  });

  it.each<[string, Record<string, unknown>, Partial<UserError>]>([
    [
      "an empty path",
      { lines: "$E" },
      {
        code: "edit/options",
        message: 'The option lines of this write comes out as "": it is empty. Its template is "$E".',
      },
    ],
    [
      "an empty selector",
      { lines: "x", set: { $E: "v" } },
      {
        code: "edit/options",
        message: 'A key of the option set of this write comes out as "": it is empty. Its template is "$E".',
      },
    ],
    [
      "a value that the editor does not take",
      { lines: "x", mode: "$A$A" },
      {
        code: "edit/options",
        message: expect.stringMatching(/^The option mode of this write comes out as "aa": .*"\$A\$A"\.$/s),
      },
    ],
    ["a selector that would be lost", { lines: "x", set: { $P: "v", b: "c" } }, { code: "edit/options" }],
    [
      "two selectors that become one with different values",
      { lines: "x", set: { "$A.x": "1", "a.x": "2" } },
      { code: "edit/contradiction", message: 'The option set of this write has "a.x" twice: "1" and "2".' },
    ],
  ])("%s is refused, with the place in the config", (_, options, error) => {
    expect(refusal(options)).toMatchObject({ ...error, at: { file: "glu.yaml", line: 12 }, fix: expect.any(String) });
  });

  it("may become one key with one value", () => {
    expect(rendered({ lines: "x", set: { "$A.x": "$A", "a.x": "a" } })).toEqual({ lines: "x", set: { "a.x": "a" } });
  });

  it("are taken or refused with a code, and no key is lost, whatever the templates give", () => {
    const text = fc.oneof(fc.constantFrom("$E", "$A", "$P", "a", "", "__proto__", "constructor"), fc.string());
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, text)), (lines, entries) => {
        const set = Object.fromEntries(entries);
        let out: { lines: string; set: Record<string, string> };
        try {
          out = rendered({ lines, set }) as typeof out;
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).code).toMatch(/^edit\/(?:options|contradiction)$/);
          return;
        }
        expect(out.lines).toBe(render(lines));
        for (const [key, value] of Object.entries(set)) {
          expect(Object.getOwnPropertyDescriptor(out.set, render(key))?.value).toBe(render(value));
        }
      }),
    );
  });
});

it("an app whose options come out empty is refused, and others are promoted", async () => {
  const base = pipelineOf(["bad", "web"]);
  const strict = {
    ...linesEditor,
    options: z.object({ lines: z.string().min(1), set: z.record(z.string(), z.string()) }),
  };
  const apps = new Map(
    [...base.apps].map(([name, app]) => {
      const write = [{ editor: "lines", options: { lines: "{{empty}}", set: { tag: "1" } }, line: 7 }];
      return [name, name === "bad" ? { ...app, write } : app];
    }),
  );
  const artifacts = [artifactOf("bad", 1), artifactOf("web", 1)];
  const { ports, ask } = world({ apps: ["bad", "web"], pipeline: { ...base, apps }, artifacts });
  const templates = {
    render: (text: string, all: never) => ports.templates.render(text.replace("{{empty}}", ""), all),
  };
  const result = await promote(ask({ apps: [], environments: ["staging"] }), {
    ...ports,
    templates,
    editors: [strict as Editor],
  });
  expect(result.decisions.map((one) => [one.intent.app, one.result])).toEqual([
    ["bad", "refused"],
    ["web", "promoted"],
  ]);
  expect(result.decisions[0]?.gates[0]).toMatchObject({
    code: "edit/options",
    seen: expect.stringContaining("glu.yaml:7: "),
  });
});
