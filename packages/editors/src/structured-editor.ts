import { type Bytes, type Editor, type RepoPath, repoPath } from "@glu/core";
import type { z } from "zod";
import { type Assignment, readAssignments } from "./assignment.ts";
import { ifReadable, refuse, refusing } from "./refusal.ts";
import { parseSelector } from "./selector/parse-selector.ts";
import type { Selector } from "./selector/selector.ts";
import { targetPath } from "./target-path.ts";

export interface SetOptions {
  set: Record<string, string>;
  create: boolean;
}

export interface Format<Options extends SetOptions> {
  kind: string;
  options: z.ZodType<Options>;
  path(options: Options): string;
  edit(file: Bytes, assignments: readonly Assignment[], create: boolean): Bytes;
  make(assignments: readonly Assignment[]): Bytes;
  undo(file: Bytes, before: Bytes | undefined, selectors: readonly Selector[]): Bytes | undefined;
  read(file: Bytes, selector: Selector): string | undefined;
  line(file: Bytes, selector: Selector): number | undefined;
}

/** An editor that sets selected values of one file, for formats that know how to do it. */
export function structuredEditor<Options extends SetOptions>(format: Format<Options>): Editor<Options> {
  return {
    kind: format.kind,
    options: format.options,
    paths: (options) => [repoPath(format.path(options))],
    edit: (options, files) =>
      refusing(format.path(options), () => {
        const path = targetPath(format.path(options));
        const assignments = readAssignments(options.set);
        const before = files.get(path);
        if (before === undefined && !options.create) refuseAbsent();
        const after =
          before === undefined ? format.make(assignments) : format.edit(before, assignments, options.create);
        return {
          kind: "edited",
          files:
            before !== undefined && sameBytes(before, after) ? new Map() : new Map<RepoPath, Bytes>([[path, after]]),
          writes: assignments.map(({ name, value }) => ({ path, selector: name, value, editor: format.kind })),
        };
      }),
    foresee: (options) =>
      ifReadable(() => {
        const paths = [targetPath(format.path(options))];
        return readAssignments(options.set).map(({ name, value }) => ({ paths, selector: name, value }));
      }) ?? [],
    undo: (path, file, before, selectors) =>
      refusing(path, () => ({ kind: "undone", file: format.undo(file, before, selectors.map(parseSelector)) })),
    read: (file, selector) => ifReadable(() => format.read(file, parseSelector(selector))),
    line: (file, selector) => ifReadable(() => format.line(file, parseSelector(selector))),
  };
}

export function refuseAbsent(): never {
  return refuse("edit/no-file", "The file does not exist.", {
    fix: "Check the path, or let it be made with 'create: true'.",
  });
}

export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a === b || (a.length === b.length && a.every((byte, at) => byte === b[at]));
}
