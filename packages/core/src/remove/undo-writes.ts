import { sameBytes } from "../edit/same-bytes.ts";
import type { FileChange } from "../model/decision.ts";
import type { RepoPath, Sha } from "../model/names.ts";
import type { Bytes } from "../ports/config-repository.ts";
import type { Editor, EditRefused } from "../ports/editor.ts";
import type { WrittenThere } from "./written-there.ts";

/** What becomes of one value. */
export interface Undoing {
  path: string;
  selector: string;
  /** `removed`: it was not there before. `restored`: what stood there before stands there again. `kept`: it stays. */
  how: "removed" | "restored" | "kept";
  /** What stood there before. */
  before: string | undefined;
  /** Why it stays. */
  why: string | undefined;
}

export interface UndoOptions {
  /** The files as they are. */
  now: ReadonlyMap<RepoPath, Bytes>;
  /** A file at a commit; undefined: there was none. */
  at(commit: Sha, path: RepoPath): Bytes | undefined;
  editors: readonly Editor[];
  /** Who else writes a place, as `api in staging`. */
  alsoBy(written: WrittenThere): string | undefined;
  /** Files that go whole. */
  whole: ReadonlySet<RepoPath>;
  /** Files that releases of other places made: they go when nothing is left in them. */
  made: ReadonlySet<RepoPath>;
  /** By {@link placeKey}: the file before the first release of any place that wrote into the same map or list. */
  earlier?: ReadonlyMap<string, { file: Bytes | undefined }>;
}

/** A value in a file, as a key. */
export const placeKey = ({ path, selector }: Pick<WrittenThere, "path" | "selector">): string => `${path}\0${selector}`;

export interface Undone {
  kind: "undone";
  changes: FileChange[];
  values: Undoing[];
  /** Files that hold nothing any more, and were there before. */
  empty: ReadonlySet<RepoPath>;
  /** Values whose map or list holds nothing any more, and was there before. */
  hollow: readonly WrittenThere[];
}

/** The files without what was written for a place, and what becomes of each value. Pure; one refusal refuses all. */
export function undoWrites(written: readonly WrittenThere[], options: UndoOptions): Undone | EditRefused {
  const { now, at, editors, alsoBy, whole, made } = options;
  const files = new Map<RepoPath, Bytes | undefined>(now);
  const values: Undoing[] = [];
  const empty = new Set<RepoPath>();
  const hollow: WrittenThere[] = [];
  for (const one of written) {
    const { path, selector, before: commit } = one;
    const editor = editors.find(({ kind }) => kind === one.editor);
    const file = files.get(path);
    const kept = (why: string) => values.push({ path, selector, how: "kept", before: undefined, why });
    if (whole.has(path)) {
      files.set(path, undefined);
      values.push({ path, selector, how: "removed", before: undefined, why: undefined });
      continue;
    }
    const others = alsoBy(one);
    const found = file && editor?.read(file, selector);
    if (others !== undefined) kept(`it is also written by ${others}`);
    else if (editor?.undo === undefined) kept(`nothing here can take out what ${one.editor} wrote`);
    else if (file === undefined || found === undefined) kept("it is not there any more");
    else if (!one.current && found !== one.value) kept("it was changed since it was last written");
    else if (commit === undefined) kept("the history of the branch does not tell what was there before");
    else {
      const then = whatWas(one, at(commit, path), editor, options);
      const undone = editor.undo(path, file, then, [selector]);
      if (undone.kind === "refused") return undone;
      const before = then && editor.read(then, selector);
      if (undone.file !== undefined && before === undefined) {
        // Others that wrote into it before are gone, and so is what this file was made for.
        const alone = editor.undo(path, file, undefined, [selector]);
        if (alone.kind === "undone" && alone.file === undefined) empty.add(path);
        else if (alone.kind === "undone" && !sameBytes(alone.file as Bytes, undone.file)) hollow.push(one);
      }
      files.set(path, empty.has(path) && made.has(path) ? undefined : undone.file);
      const left = files.get(path);
      const isBack = left !== undefined && editor.read(left, selector) !== undefined;
      values.push({ path, selector, how: isBack ? "restored" : "removed", before, why: undefined });
    }
  }
  const changes = [...files].flatMap(([path, after]): FileChange[] => {
    const before = now.get(path);
    const isSame = before !== undefined && after !== undefined && sameBytes(before, after);
    return isSame || before === after ? [] : [{ path, before, after }];
  });
  return { kind: "undone", changes, values, empty, hollow };
}

/** What stood there before it, without maps and lists that were made for others, who are gone by now. */
function whatWas(
  one: WrittenThere,
  then: Bytes | undefined,
  editor: Editor,
  { earlier }: UndoOptions,
): Bytes | undefined {
  const first = earlier?.get(placeKey(one));
  if (first === undefined) return then;
  const isThere = first.file !== undefined && editor.read(first.file, one.selector) !== undefined;
  return isThere ? then : first.file;
}
