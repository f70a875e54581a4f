import type { AnyGate, Editor, GateUse } from "@glu/core";
import { z } from "zod";
import { nearest, suggest } from "../source/nearest.ts";
import { tellSchema } from "./explain-issue.ts";
import { issue } from "./text.ts";

/** An entry of `write` as the file has it; its options are checked and not yet rendered. */
export interface WriteEntry {
  editor: Editor;
  options: Readonly<Record<string, unknown>>;
}

type Mapping = Record<string, unknown>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object schema that says nothing of unknown keys refuses them: a misspelt option would be lost otherwise. */
function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

const parsing = { error: tellSchema, reportInput: true };

/** The entry of `write`: the one key that names an editor decides whose options the entry is. */
export function writeEntry(editors: readonly Editor[]) {
  const kinds = new Map(editors.map((editor) => [editor.kind, { editor, options: strict(editor.options) }]));
  const known = `The kinds of write are ${[...kinds.keys()].join(", ")}.`;
  const schema: z.ZodType<WriteEntry> = z.unknown().transform((value, context): WriteEntry => {
    const refuse = (message: string, code: string, fix: string, path: string[] = []) => {
      context.issues.push({ ...issue(message, { code, fix, on: "key" }, path), input: path[0] ?? value });
      return z.NEVER;
    };
    if (!isMapping(value)) return refuse("must be a mapping", "config/type", known);
    const named = Object.keys(value).flatMap((key) => kinds.get(key) ?? []);
    const [first, second] = named;
    if (first === undefined) {
      const keys = Object.keys(value);
      const meant = keys.find((key) => nearest(key, kinds.keys()).length > 0);
      const fix = meant === undefined ? known : suggest(meant, kinds.keys(), "");
      return refuse(
        meant === undefined ? "must name a kind of write" : "is no kind of write",
        "config/unknown-editor",
        fix,
        meant === undefined ? [] : [meant],
      );
    }
    if (second !== undefined) {
      const message = `names two kinds of write, ${first.editor.kind} and ${second.editor.kind}`;
      return refuse(message, "config/ambiguous-write", "Make them two entries of the list.");
    }
    const parsed = first.options.safeParse(value, parsing);
    if (!parsed.success) {
      for (const found of parsed.error.issues) context.issues.push(found as z.core.$ZodRawIssue);
      return z.NEVER;
    }
    return { editor: first.editor, options: value };
  });
  return { schema, published: union([...kinds.values()].map(({ options }) => options)) };
}

/**
 * The entry of `gates`: one key that names a gate, and its options. Published is one of several, by name.
 * @param unlike what is said of a name that is none of them
 * @param misplaced names of gates that stand elsewhere, and the fix that says where
 */
export function gateEntry(
  gates: readonly AnyGate[],
  unlike = "is not a gate",
  misplaced: { names: ReadonlySet<string>; fix: string } = { names: new Set(), fix: "" },
) {
  const kinds = new Map(gates.map((gate): [string, z.ZodType] => [gate.name, strict(gate.options as z.ZodType)]));
  const known = `The gates are ${[...kinds.keys()].join(", ")}.`;
  const schema: z.ZodType<GateUse> = z.unknown().transform((value, context): GateUse => {
    const refuse = (message: string, code: string, fix: string, path: string[] = []) => {
      context.issues.push({ ...issue(message, { code, fix, on: "key" }, path), input: path[0] ?? value });
      return z.NEVER;
    };
    const keys = isMapping(value) ? Object.keys(value) : [];
    const [name] = keys;
    if (!isMapping(value) || name === undefined || keys.length > 1) {
      return refuse("must be a mapping of one gate", "config/type", `${known} Write each as [{ gate: options }].`);
    }
    const options = kinds.get(name);
    if (options === undefined && misplaced.names.has(name)) {
      return refuse(unlike, "config/unknown-gate", `${misplaced.fix} ${known}`, [name]);
    }
    if (options === undefined) {
      return refuse(unlike, "config/unknown-gate", suggest(name, kinds.keys(), "The gates are"), [name]);
    }
    const parsed = options.safeParse(value[name], parsing);
    if (parsed.success) return { name, options: parsed.data };
    for (const found of parsed.error.issues) {
      context.issues.push({ ...found, path: [name, ...found.path] } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
  const published = new Map([...kinds].map(([name, options]) => [name, z.strictObject({ [name]: options })]));
  return { schema, published };
}

function union(schemas: z.ZodType[]): z.ZodType {
  const [first, ...rest] = schemas;
  if (first === undefined) return z.never();
  return rest.length === 0 ? first : z.union([first, ...rest]);
}
