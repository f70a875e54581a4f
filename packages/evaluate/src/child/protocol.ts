// What goes between Glu and the process that evaluates: a line of JSON each way. Types alone: both sides check.

/** Repository path → content. */
export type Files = Readonly<Record<string, string>>;

export interface Question {
  files: Files;
  /** The file whose default export is the config. */
  entry: string;
  /** The function to call; without it the config is wanted. */
  call?: { name: string; index: number; context: unknown };
}

/** What went wrong in the program, in the program's own words: untrusted. */
export interface Fault {
  kind: "syntax" | "import" | "threw" | "not-data" | "not-there" | "too-large";
  message: string;
  /** The path of the value that is no data. */
  path?: string;
  file?: string;
  line?: number;
  column?: number;
}

export type Answer = { kind: "value"; value: unknown } | { kind: "fault"; fault: Fault };

/** Characters of an answer. */
export const longestAnswer = 4 * 1024 * 1024;
