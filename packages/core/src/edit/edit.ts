import { UserError } from "../errors.ts";
import type { Drift } from "../gates/gate.ts";
import { explainMissing } from "../manifests/manifest-variables.ts";
import type { FileChange, Intent } from "../model/decision.ts";
import type { RepoPath } from "../model/names.ts";
import type { App, Environment, Write } from "../model/pipeline.ts";
import type { ReleaseRecord, Written } from "../model/record.ts";
import type { Bytes, FileAt } from "../ports/config-repository.ts";
import type { Editor, EditRefused } from "../ports/editor.ts";
import type { Templates } from "../ports/templates.ts";
import { findObstacle } from "./obstacle.ts";
import type { Overlay } from "./overlay.ts";
import { renderOptions } from "./render-options.ts";
import { sameBytes } from "./same-bytes.ts";
import { templateVariables } from "./variables.ts";
import { assertWritable } from "./writable.ts";

/** A `write` whose templates are rendered: the editor, its options, and the paths it may touch. */
export interface RenderedWrite {
  editor: Editor;
  options: unknown;
  paths: RepoPath[];
}

export interface EditTools {
  editors: readonly Editor[];
  templates: Templates;
  configFile: RepoPath;
}

export type Prepared =
  | { kind: "edited"; files: Map<RepoPath, Bytes>; writes: Written[]; changes: FileChange[]; drift: Drift[] }
  | EditRefused;

/**
 * Renders what an app writes for an artifact in an environment.
 * @throws UserError of the template, of what comes out of it, or of a path that leaves the repository or is not for `write`
 */
export function renderWrites(intent: Intent, app: App, environment: Environment, tools: EditTools): RenderedWrite[] {
  const variables = templateVariables(app, intent.artifact, environment);
  return app.write.map((write) => {
    const editor = tools.editors.find((one) => one.kind === write.editor);
    if (editor === undefined) throw new Error(`no editor ${write.editor}: the config should have been refused`);
    const render = (template: string) => {
      try {
        return tools.templates.render(template, variables);
      } catch (error) {
        throw explainMissing(error, app, environment, intent.artifact);
      }
    };
    const recorded = recordedValues(intent, write, editor, render);
    const options = renderOptions(write, editor, render, tools.configFile, recorded);
    const paths = editor.paths(options);
    for (const path of paths) assertWritable(path, tools.configFile);
    return { editor, options, paths };
  });
}

/** Of a rollback: the values that the release wrote that it goes back to, for what its artifact no longer tells. */
function recordedValues(
  { rollback }: Intent,
  write: Write,
  editor: Editor,
  render: (template: string) => string,
): ReadonlyMap<string, string> {
  const target = write.options[editor.kind];
  const writes = rollback?.to?.writes ?? [];
  if (writes.length === 0 || typeof target !== "string") return new Map();
  const path = render(target);
  const here = writes.filter((one) => one.editor === editor.kind && one.path === path);
  return new Map(here.map(({ selector, value }) => [selector, value]));
}

/**
 * The files that an app writes in an environment, as far as that can be told before the artifact is known: a forecast
 * for reading them early. What depends on the artifact is not among them.
 */
export function foreseePaths(app: App, environment: Environment, { editors, templates }: EditTools): RepoPath[] {
  const variables = { app: app.name, env: environment.name };
  return app.write.flatMap(({ editor: kind, options }) => {
    const editor = editors.find((one) => one.kind === kind);
    const target = options[kind];
    if (editor === undefined || typeof target !== "string") return [];
    try {
      const parsed = editor.options.safeParse({ ...options, [kind]: templates.render(target, variables) });
      return parsed.success ? editor.paths(parsed.data) : [];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
}

/** What earlier intents of the same commit did. */
export interface Earlier {
  /** The files before any of them. */
  tip: ReadonlyMap<RepoPath, FileAt>;
  writes: readonly Written[];
}

/**
 * Makes the edits of one intent on the files as they are: a pure function of its arguments. Nothing is half-done: one
 * edit that cannot be made refuses them all.
 */
export function prepareEdits(
  writes: readonly RenderedWrite[],
  overlay: Overlay,
  record: ReleaseRecord,
  earlier?: Earlier,
): Prepared {
  const before = contentsAt(
    writes.flatMap((write) => write.paths),
    overlay,
  );
  if ("kind" in before) return before;
  const files = new Map(before);
  const written: (Written & { write: RenderedWrite })[] = [];
  for (const write of writes) {
    const edited = write.editor.edit(write.options, files);
    if (edited.kind === "refused") return edited;
    for (const [path, content] of edited.files) {
      if (!write.paths.includes(path))
        throw new Error(`the editor ${write.editor.kind} wrote ${path}, which it had not declared`);
      files.set(path, content);
    }
    written.push(...edited.writes.map((one) => ({ ...one, write })));
  }
  const twice = findConflict(written, { before, files, earlier });
  if (twice !== undefined) return twice;
  const changed = changedFiles(before, files, overlay);
  if ("code" in changed) return changed;
  const drift = findDrift(written, before, record);
  return { kind: "edited", ...changed, writes: written.map(({ write: _write, ...one }) => one), drift };
}

/** What stands at paths; refused where something else than a file does. */
export function contentsAt(paths: Iterable<RepoPath>, overlay: Overlay): Map<RepoPath, Bytes> | EditRefused {
  const contents = new Map<RepoPath, Bytes>();
  for (const path of paths) {
    const file = overlay.get(path);
    // A folder may be where one of several candidates would be; only a file that is made there is refused, later.
    if (file === undefined || file.kind === "folder") continue;
    if (file.kind !== "file") {
      const message = `${path} is a ${file.kind}.`;
      return { kind: "refused", code: "edit/not-a-file", path, message, fix: "Write to a regular file." };
    }
    contents.set(path, file.content);
  }
  return contents;
}

/** The files whose bytes differ from those before; refused where something is in the way of making one. */
export function changedFiles(
  before: ReadonlyMap<RepoPath, Bytes>,
  after: ReadonlyMap<RepoPath, Bytes>,
  overlay: Overlay,
): { files: Map<RepoPath, Bytes>; changes: FileChange[] } | EditRefused {
  const files = new Map([...after].filter(([path, content]) => !sameBytes(before.get(path), content)));
  const obstacle = findObstacle(files, overlay);
  if (obstacle !== undefined) return obstacle;
  return { files, changes: [...files].map(([path, content]) => ({ path, before: before.get(path), after: content })) };
}

/**
 * Two writes of one commit that want different values in one place contradict each other. Selectors may name one place
 * in different words (`env[0]`, `env[name=X]`), so it also counts whether a value can still be read back at the end,
 * and whether an earlier intent has changed what is changed here.
 */
function findConflict(
  written: readonly (Written & { write: RenderedWrite })[],
  {
    before,
    files,
    earlier,
  }: { before: ReadonlyMap<RepoPath, Bytes>; files: typeof before; earlier?: Earlier | undefined },
): EditRefused | undefined {
  const taken = new Map(earlier?.writes.map((one) => [`${one.path}\0${one.selector}`, one.value]));
  for (const { path, selector, value, write } of written) {
    const at = (content: Bytes | undefined) => content && write.editor.read(content, selector);
    const key = path as RepoPath;
    const [tip, now] = [earlier?.tip.get(key)?.content, before.get(key)];
    const changed = earlier !== undefined && tip !== now && at(tip) !== at(now) ? at(now) : undefined;
    const other = [taken.get(`${path}\0${selector}`), changed, at(files.get(key))].find(
      (one) => one !== undefined && one !== value,
    );
    if (other === undefined) continue;
    return {
      kind: "refused",
      code: "edit/contradiction",
      path,
      message: `${selector} in ${path} is written twice: ${JSON.stringify(other)} and ${JSON.stringify(value)}.`,
      fix: "Write each place once.",
    };
  }
  return undefined;
}

/** Places that this intent writes whose value is neither what the record says nor what is wanted. */
function findDrift(
  written: readonly (Written & { write: RenderedWrite })[],
  before: ReadonlyMap<RepoPath, Bytes>,
  record: ReleaseRecord,
): Drift[] {
  return written.flatMap(({ path, selector, value, write }) => {
    const recorded = record.current?.writes.find((one) => one.path === path && one.selector === selector);
    if (recorded === undefined) return [];
    const file = before.get(path as RepoPath);
    const found = file === undefined ? undefined : write.editor.read(file, selector);
    if (found === recorded.value || found === value) return [];
    return [{ path, selector, recorded: recorded.value, found }];
  });
}

/** A refusal of a template or path as one of the edit, so that other intents of the run are not affected. */
export function asRefusal(error: unknown): EditRefused {
  if (!(error instanceof UserError)) throw error;
  return {
    kind: "refused",
    code: error.code,
    path: error.at?.file ?? "",
    ...(error.at?.line === undefined ? {} : { line: error.at.line }),
    message: error.message,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  };
}
