import type { HostName, Logger } from "@glu/core";

/** What a run has to say, in the forms that hosts show. Rendered elsewhere; all of it is already escaped as markup. */
export interface Report {
  // What no terminal shows is made, and what makes it loaded, when it is asked for.
  /** GitHub-flavoured Markdown. */
  markdown(): Promise<string>;
  /** A whole HTML document. */
  html(): Promise<string>;
  /** For a terminal; may have ANSI colours. */
  text: string;
  /** In the log of a job: the one line that stays in sight, and the title under which the text is folded. */
  folded?: { line: string; title: string } | undefined;
  /** One JSON object, without a line break at the end. */
  json(): Promise<string>;
  /** The drawing alone, where the report is one: the source of a Mermaid diagram, and an SVG document. */
  drawing?: Readonly<Record<Drawing, string>> | undefined;
}

export type Drawing = "mermaid" | "svg";

/** What a command line may ask for on standard output; a drawing of those that draw. */
export type OutputFormat = "text" | "json" | "markdown" | Drawing;

/** A finding that a host can show beside a file or a job. */
export interface Annotation {
  level: "notice" | "warning" | "error";
  message: string;
  title?: string;
  file?: string;
  /** 1-based. */
  line?: number;
  column?: number;
  /** A link for people. GitLab shows annotations as links only. */
  url?: string;
}

/** Where a run happens and how it speaks there. The only place that knows of workflow commands, reports and colours. */
export interface Host {
  readonly name: HostName;
  readonly logger: Logger;
  /** From now on the secret, and its base64 and URL forms, appear nowhere in what this host prints or writes. */
  mask(secret: string): void;
  /** A text as this host would print it: without the secrets. */
  redact(text: string): string;
  /** Outputs for later steps or jobs. May be called again; the last value of a name counts. */
  setOutputs(outputs: Readonly<Record<string, string>>): Promise<void>;
  writeSummary(report: Report): Promise<void>;
  annotate(annotations: readonly Annotation[]): Promise<void>;
  /** Runs the task with its log lines under a title that people can fold. */
  group<T>(title: string, task: () => Promise<T>): Promise<T>;
  /** Shows why the run failed. The exit code is set by whoever called, since the error's kind decides it. */
  fail(message: string): void;
}

/** Standard output or standard error. */
export interface Stream {
  /** Somebody watches. */
  isTTY?: boolean;
  fd?: number;
  write(text: string): unknown;
}
