import type { z } from "zod";
import type { RepoPath } from "../model/names.ts";
import type { Written } from "../model/record.ts";
import type { Bytes } from "./config-repository.ts";

/** The files as edited so far in this commit; undefined when there is no such file. */
export type Files = ReadonlyMap<RepoPath, Bytes>;

export interface Edited {
  kind: "edited";
  /** Only files whose bytes differ. */
  files: ReadonlyMap<RepoPath, Bytes>;
  /** Every value that now stands in a file because of this edit, also those that stood there before. */
  writes: Written[];
}

/** The edit cannot be made exactly as asked; nothing was changed. */
export interface EditRefused {
  kind: "refused";
  /** `edit/no-file`, `edit/no-key`, `edit/alias`, `edit/syntax`, … */
  code: string;
  message: string;
  path: string;
  /** 1-based. */
  line?: number;
  fix?: string;
}

/** A file without what edits had put into it. `file: undefined`: there was none before, and nothing is left of it. */
export interface Undone {
  kind: "undone";
  file: Bytes | undefined;
}

/** A value that an edit will put into the one of these files that is there. */
export interface Foreseen {
  paths: readonly RepoPath[];
  selector: string;
  value: string;
}

/**
 * A pure edit of declared places in declared files, byte-exact: the result is parsed again and only the targets may
 * differ, else it is refused.
 */
export interface Editor<Options = unknown> {
  /** The key that names it under `write`, e.g. `yaml`. */
  readonly kind: string;
  /** Its options, as in the config and after templates are rendered. Feeds the published JSON Schema. */
  readonly options: z.ZodType<Options>;
  /** Paths it may read or write. Several candidates for one file are all listed. */
  paths(options: Options): RepoPath[];
  edit(options: Options, files: Files): Edited | EditRefused;
  /** What an edit would write, as far as that can be told without the files: to see at little cost that it stands not there. */
  foresee?(options: Options): Foreseen[];
  /**
   * Takes what edits put into a file out of it, byte-exact: what stood there before is put back, what did not is removed,
   * with what was made to hold it and holds nothing else. Proven like an edit. Places that are not there are passed over.
   * @param before the file before the first of these edits; undefined: there was none
   */
  undo?(path: RepoPath, file: Bytes, before: Bytes | undefined, selectors: readonly string[]): Undone | EditRefused;
  /** The value at `selector` of a file, as {@link Written} records it; undefined when it is not there. */
  read(file: Bytes, selector: string): string | undefined;
  /** The line, 1-based, at which a place of a file begins; undefined when it is not there. */
  line?(file: Bytes, selector: string): number | undefined;
}
