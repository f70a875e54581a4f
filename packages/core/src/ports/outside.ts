import type { Actors } from "./actors.ts";
import type { Approvals } from "./approvals.ts";
import type { Checks } from "./checks.ts";

/** How gates look at the world outside of Git. Every call ends when its signal is aborted. */
export interface Outside {
  http: HttpClient;
  commands: CommandRunner;
  workflows: WorkflowRunner;
  actors: Pick<Actors, "isIn">;
  checks: Checks;
  approvals: Approvals;
  functions: Functions;
  /** A variable of the job, for what must not stand in the config. Its value is masked in all that is said from then on. */
  secret(name: string): string | undefined;
  /**
   * A text without the secrets of this run. What others say of a run may hold one: a server can give back what it was
   * sent. It is taken out before the text is cut or escaped, since neither half a secret nor an escaped one is found.
   */
  redact(text: string): string;
}

export interface HttpQuestion {
  method: "GET" | "HEAD" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Certificates in PEM of the authorities that this server's has to come from; undefined: those that Node trusts. */
  ca?: string | undefined;
  /** How many megabytes of an answer are taken; default one. */
  megabytes?: number | undefined;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** At most as many megabytes of it as the question allows. */
  body: string;
}

export interface HttpClient {
  /**
   * Any status is an answer. Redirects are followed, without the headers and the authorities when they lead to another host.
   * @throws OutsideError `http/…`: no answer, a broken one, one that is too large; `transient` when a repetition may help
   */
  ask(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface CommandRunner {
  /**
   * Runs a program without a shell, in the folder of the job, with `variables` and the little that programs need (PATH,
   * HOME, TMPDIR, LANG); never with the job's tokens. It and what it started end with the signal.
   * @throws OutsideError `command/not-started`
   */
  run(
    command: { argv: readonly string[]; variables: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<CommandResult>;
}

export interface CommandResult {
  /** Undefined: a signal ended it. */
  code: number | undefined;
  /** The end of what it printed, both streams as they came, secrets masked. */
  output: string;
}

/** A workflow of GitHub or Gitea by its file, in a repository and on a branch; a pipeline of GitLab. */
export interface WorkflowTarget {
  /** `owner/name`; undefined: the repository of the job. */
  repository: string | undefined;
  /** The workflow's file; undefined on GitLab, where a project has one pipeline. */
  workflow: string | undefined;
  /** A branch by its short name; undefined: the default branch. Runs on another one do not count. */
  ref: string | undefined;
}

/** By what a run is found again, by a later job too. */
export interface RunKey {
  /** Letters, digits, `-` and `/`: it stands in the run's name as a word of its own. */
  text: string;
  /** No run under this key is older: milliseconds since the epoch. */
  since: number;
}

export interface WorkflowRun {
  id: string;
  /** A page for people, where the forge has said one. */
  url: string | undefined;
  state: "waiting" | "running" | "succeeded" | "failed";
  /** Milliseconds since the epoch. */
  startedAt: number;
}

export interface WorkflowRunner {
  /**
   * The newest run that was started under this key, by us or by hand; undefined when there is none.
   * @throws OutsideError `workflow/…`, `forge/unreachable`
   */
  find(target: WorkflowTarget, key: RunKey, signal: AbortSignal): Promise<WorkflowRun | undefined>;
  /**
   * Starts a run under a key, by which {@link find} finds it. The key is its input `glu-key` too.
   * @returns the run, where the forge says which it is
   * @throws OutsideError `workflow/…`, `forge/unreachable`
   */
  start(
    target: WorkflowTarget,
    key: RunKey,
    inputs: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<WorkflowRun | undefined>;
}

/** A function that stands under `gates` in a `glu.config.ts`, as the pipeline names it. */
export interface FunctionReference {
  name: string;
  /** Which of the functions of the config it is, from 0. */
  index: number;
  /** What tells one state of the config's files from another: the same function may do something else in the next. */
  source: string;
  /** How long it may take, such as `30s`. */
  timeout: string;
}

export interface Functions {
  /**
   * Calls a function where it can do nothing but compute, with a value as JSON has it, and gives what it returns, as
   * JSON has it.
   * @throws OutsideError `function/…`: it threw, took too long, returned what is no JSON, or is not there
   */
  call(reference: FunctionReference, context: unknown, signal: AbortSignal): Promise<unknown>;
}
