import { type App, assertWritable, type Environment, type EnvName, type RepoPath, UserError } from "@glu/core";
import { describePath } from "../grammar/explain-issue.ts";
import type { WriteEntry } from "../grammar/write.ts";
import type { Path } from "../source/places.ts";
import { expression, longestTemplate } from "../templates/expression.ts";
import { type Reading, report } from "./reading.ts";

/**
 * What can be told of `write` before there is an artifact: paths that leave the repository or are not for `write`, and
 * two apps or environments that set the same key of the same file, or the same entry of `images`. Only `{{ app }}` and `{{ env }}` are known yet; any
 * other template is taken for a name, and what depends on it is checked again at the promotion.
 */
export class WriteChecks {
  readonly #reading: Reading;
  readonly #environments: ReadonlyMap<EnvName, Environment>;
  /** Repository, branch, file and key → who sets it. */
  readonly #set = new Map<string, string>();
  /** One mistake in defaults is one mistake, however many apps it hits. */
  readonly #told = new Set<string>();

  constructor(reading: Reading, environments: ReadonlyMap<EnvName, Environment>) {
    this.#reading = reading;
    this.#environments = environments;
  }

  add(app: App, entries: readonly WriteEntry[], path: Path): void {
    for (const environment of app.environments) {
      entries.forEach((entry, index) => {
        this.#check(app, environment, entry, [...path, index]);
      });
    }
  }

  #check(app: App, environment: EnvName, { editor, options }: WriteEntry, path: Path): void {
    const fill = (text: string) => fillIn(text, app.name, environment);
    const source = options[editor.kind];
    if (typeof source !== "string" || source.length > longestTemplate) return;
    // The path alone is filled in: other options may hold what an editor accepts only when it is rendered.
    const parsed = editor.options.safeParse({ ...options, [editor.kind]: fill(source) });
    if (!parsed.success) return;
    try {
      const paths = editor.paths(parsed.data);
      for (const one of paths) assertWritable(one, this.#reading.file as RepoPath);
      if (!hasOther(source)) this.#claim(app, environment, paths, options, path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const fix = error.fix ?? "Write to files of the app.";
      const code = error.code === "edit/forbidden-path" ? error.code.replace("edit/", "config/") : "config/path";
      this.#tell([...path, editor.kind], code, error.message, fix, source);
    }
  }

  #claim(app: App, name: EnvName, paths: readonly RepoPath[], options: WriteEntry["options"], path: Path): void {
    const environment = this.#environments.get(name);
    for (const { key, at } of placesOf(options, app)) {
      if (key.length > longestTemplate || hasOther(key)) continue;
      const selector = fillIn(key, app.name, name);
      const place = JSON.stringify([environment?.repository, environment?.ref, paths, selector]);
      const who = `${app.name} in ${name}`;
      const other = this.#set.get(place);
      if (other === undefined) this.#set.set(place, who);
      else {
        const both = other === who ? `${who} twice` : `${other} and by ${who}`;
        const message = `${selector} of ${paths.join(", ")} is set by ${both}.`;
        const fix = "Give each its own: {{ app }} and {{ env }} can stand in the path and in the key.";
        this.#tell([...path, ...at], "config/same-place", message, fix, key);
      }
    }
  }

  #tell(path: Path, code: string, message: string, fix: string, seen: unknown): void {
    const once = `${code} ${describePath(path)}`;
    if (this.#told.has(once)) return;
    this.#told.add(once);
    report(this.#reading, path, code, message, fix, { seen, on: code === "config/same-place" ? "key" : "value" });
  }
}

/** The keys that an entry sets, and where each stands in it; of an image the entry of that name. */
function placesOf({ set, image, name }: WriteEntry["options"], app: App): { key: string; at: Path }[] {
  if (typeof set === "object" && set !== null) return Object.keys(set).map((key) => ({ key, at: ["set", key] }));
  if (typeof name === "string") return [{ key: name, at: ["name"] }];
  if (typeof image !== "string" || image.length > longestTemplate) return [];
  // Only the declared name of the image is known yet, and it is what tells one entry from another.
  const named = image.replace(expression, (whole) => {
    const [, key = "", part] = /^\{\{-?\s*images\.([\w-]+)\.(\w+)\s*-?\}\}$/.exec(whole) ?? [];
    if (part === undefined) return whole;
    return part === "ref" || part === "name" ? (app.images[key] ?? whole) : "x";
  });
  if (hasOther(named)) return [];
  return [{ key: named.replace(/@.*$/, "").replace(/:[^/:]*$/, ""), at: ["image"] }];
}

const known = /^\{\{-?\s*(app|env)\s*-?\}\}$/;

function fillIn(text: string, app: string, environment: string): string {
  return text.replace(expression, (whole) => {
    const name = known.exec(whole)?.[1];
    return name === undefined ? "x" : name === "app" ? app : environment;
  });
}

function hasOther(text: string): boolean {
  return text.match(expression)?.some((one) => !known.test(one)) ?? false;
}
