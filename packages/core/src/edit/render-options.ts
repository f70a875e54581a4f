import type { z } from "zod";
import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";
import type { Write } from "../model/pipeline.ts";
import type { Editor } from "../ports/editor.ts";

type Render = (template: string) => string;

/**
 * The options of a `write` as its editor takes them, every text and key in them rendered. What was checked with the
 * config was the template: what comes out of it may be empty, or be the same key as another one.
 * @throws UserError of a template; `edit/options` when the editor does not take what comes out; `edit/contradiction`
 * when two keys become one with different values
 * @param recorded what stands in for a value of `set` whose template misses a variable, by selector
 */
export function renderOptions(
  write: Write,
  editor: Editor,
  render: Render,
  configFile: RepoPath,
  recorded: ReadonlyMap<string, string> = new Map(),
): unknown {
  const at = { file: configFile, ...(write.line === undefined ? {} : { line: write.line }) };
  const rendered = renderMap(withRecorded(write.options, render, recorded), render, [], at);
  const parsed = editor.options.safeParse(rendered);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw parsed.error;
  const isKey = issue.code === "invalid_key";
  const seen = isKey ? issue.path.at(-1) : valueAt(rendered, issue.path);
  const template = templateAt(write.options, issue, render);
  const why = seen === "" ? "it is empty" : issue.message;
  throw new UserError(
    "edit/options",
    `${isKey ? "A key of the" : "The"} option ${(isKey ? issue.path.slice(0, -1) : issue.path).join(".")} of this write comes ` +
      `out as ${JSON.stringify(seen)}: ${why}.${template === undefined ? "" : ` Its template is ${JSON.stringify(template)}.`}`,
    {
      seen,
      at,
      fix: 'Look at what the artifact has there, or give a text for when it has none: {{ name | default: "…" }}.',
    },
  );
}

/** The options with a text for each value of `set` that cannot be rendered and is recorded. */
function withRecorded(
  options: Write["options"],
  render: Render,
  recorded: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const { set } = options;
  if (recorded.size === 0 || typeof set !== "object" || set === null) return options;
  const values = Object.entries(set).map(([key, value]): [string, unknown] => {
    const known = recorded.get(render(key));
    return known !== undefined && typeof value === "string" && lacks(value, render)
      ? [key, new Plain(known)]
      : [key, value];
  });
  return { ...options, set: Object.fromEntries(values) };
}

/** A text in which nothing is rendered. */
class Plain {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function lacks(template: string, render: Render): boolean {
  try {
    render(template);
    return false;
  } catch (error) {
    if (error instanceof UserError && error.code === "template/missing-variable") return true;
    throw error;
  }
}

type At = NonNullable<UserError["at"]>;

function renderDeep(value: unknown, render: Render, path: readonly string[], at: At): unknown {
  if (typeof value === "string") return render(value);
  if (value instanceof Plain) return value.text;
  if (Array.isArray(value)) return value.map((one) => renderDeep(one, render, path, at));
  if (typeof value === "object" && value !== null) return renderMap(value, render, path, at);
  return value;
}

function renderMap(map: object, render: Render, path: readonly string[], at: At): Record<string, unknown> {
  const rendered = new Map<string, unknown>();
  const option = path.length === 0 ? "The options" : `The option ${path.join(".")}`;
  for (const [template, one] of Object.entries(map)) {
    const key = render(template);
    const value = renderDeep(one, render, [...path, key], at);
    if (key === "__proto__") {
      // Schemas leave it out without a word.
      throw new UserError("edit/options", `${option} of this write has the key "__proto__".`, {
        seen: template,
        at,
        fix: 'As a selector write it in brackets and quotes: ["__proto__"].',
      });
    }
    const [seen, now] = [rendered.get(key), value].map((each) => JSON.stringify(each));
    if (rendered.has(key) && seen !== now) {
      throw new UserError(
        "edit/contradiction",
        `${option} of this write has ${JSON.stringify(key)} twice: ${seen} and ${now}.`,
        { seen: template, at, fix: "Write each place once." },
      );
    }
    rendered.set(key, value);
  }
  return Object.fromEntries(rendered);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

/** The template of the value or key that an issue is about. */
function templateAt(options: unknown, issue: z.core.$ZodIssue, render: Render): unknown {
  let at = options;
  let key: unknown;
  for (const step of issue.path) {
    if (typeof at !== "object" || at === null) return undefined;
    [key, at] = Object.entries(at).find(([one]) => render(one) === String(step)) ?? [];
  }
  return issue.code === "invalid_key" ? key : at;
}
