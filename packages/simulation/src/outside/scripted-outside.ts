import {
  type CommandResult,
  closest,
  type Functions,
  type HttpAnswer,
  type Outside,
  OutsideError,
  type WorkflowRun,
  type WorkflowTarget,
} from "@glu/core";
import { type ScriptedCheck, ScriptedForge, type ScriptedPlace } from "./scripted-forge.ts";

/** What a server answers; a body that is no text is sent as JSON. `down`: it does not answer. */
export type ScriptedAnswer = { status?: number; headers?: Record<string, string>; body?: unknown } | "down";

/** How a program ends. */
export type ScriptedCommand = Partial<CommandResult>;

/** How a workflow goes once it is started. */
export type ScriptedWorkflow = WorkflowRun["state"];

interface Started {
  target: WorkflowTarget;
  key: string;
  inputs: Readonly<Record<string, string>>;
  at: number;
}

/**
 * The world outside of Git as a simulation wants it. What was not scripted is not answered, so the gate that asks holds
 * and says what it asked for: a question nobody thought of cannot pass.
 */
export class ScriptedOutside implements Outside {
  /** Runs of workflows that gates have started, oldest first. */
  readonly started: Started[] = [];
  readonly #answers = new Map<string, ScriptedAnswer>();
  readonly #commands = new Map<string, ScriptedCommand>();
  readonly #workflows = new Map<string, ScriptedWorkflow>();
  readonly #teams = new Map<string, readonly string[]>();
  readonly #variables = new Map<string, string>();
  readonly #now: () => number;
  readonly #forge: ScriptedForge;

  /** Those of a config that is a program: they only compute, so they are called. */
  readonly functions: Functions;
  readonly checks: Outside["checks"];
  readonly approvals: Outside["approvals"];

  constructor(now: () => number, functions: Functions) {
    this.#now = now;
    this.#forge = new ScriptedForge(now);
    this.checks = this.#forge.checks;
    this.approvals = this.#forge.approvals;
    this.functions = functions;
  }

  /** From now on the server answers this at this URL. */
  answer(url: string, answer: ScriptedAnswer): void {
    this.#answers.set(url, answer);
  }

  /** From now on a program, by the first word of its command, ends like this. */
  command(program: string, result: ScriptedCommand): void {
    this.#commands.set(program, result);
  }

  /** From now on runs of this workflow are in this state, those that were started before too. GitLab's is `""`. */
  workflow(file: string, state: ScriptedWorkflow): void {
    this.#workflows.set(file, state);
  }

  /** From now on these are the team's members. */
  team(team: string, members: readonly string[]): void {
    this.#teams.set(team, members);
  }

  /** From now on a check stands so on every commit, of artifacts or of the config branch; without `on` of both. */
  check(name: string, state: ScriptedCheck, on?: ScriptedPlace): void {
    this.#forge.check(name, state, on);
  }

  /** From now on somebody has approved, or rejected, what goes into an environment; without one, into all. */
  approve(user: string, { environment, rejected = false }: { environment?: string; rejected?: boolean } = {}): void {
    this.#forge.approve(user, environment, rejected ? "rejected" : "approved");
  }

  /** From now on these wrote whatever is built. Before, the forge knows that it was nobody who may approve. */
  authors(...people: readonly string[]): void {
    this.#forge.authors(people);
  }

  /** From now on the job has this variable. */
  variable(name: string, value: string): void {
    this.#variables.set(name, value);
  }

  readonly http: Outside["http"] = {
    ask: async ({ url }): Promise<HttpAnswer> => {
      const found = scripted(this.#answers, url, "answers");
      if (found === "down") throw new OutsideError("simulation/down", `${url} does not answer.`, { transient: true });
      const { status = 200, headers = {}, body = "" } = found;
      const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      return {
        status,
        headers: Object.fromEntries(lower),
        body: typeof body === "string" ? body : JSON.stringify(body),
      };
    },
  };

  readonly commands: Outside["commands"] = {
    run: async ({ argv: [program = ""] }) => {
      const { code = 0, output = "" } = scripted(this.#commands, program, "runs");
      return { code, output };
    },
  };

  readonly workflows: Outside["workflows"] = {
    find: async (target, key) => {
      const run = this.started.findLast((one) => one.key === key.text && keyOf(one.target) === keyOf(target));
      return run === undefined ? undefined : this.#runOf(run);
    },
    start: async (target, key, inputs) => {
      const run = { target, key: key.text, inputs, at: this.#now() };
      const started = this.#runOf(run);
      this.started.push(run);
      return started;
    },
  };

  readonly actors: Outside["actors"] = {
    isIn: async (team, user) => scripted(this.#teams, team, "are the members of").includes(user),
  };

  #runOf({ target, key, at }: Started): WorkflowRun {
    const state = scripted(this.#workflows, target.workflow ?? "", "is the outcome of");
    return { id: key, url: `https://ci.invalid/${encodeURIComponent(key)}`, state, startedAt: at };
  }

  secret(name: string): string | undefined {
    return this.#variables.get(name);
  }

  /** What is scripted is no secret. */
  redact(text: string): string {
    return text;
  }
}

const keyOf = ({ repository, workflow, ref }: WorkflowTarget): string => JSON.stringify([repository, workflow, ref]);

function scripted<T>(all: ReadonlyMap<string, T>, asked: string, verb: string): T {
  const found = all.get(asked);
  if (found !== undefined) return found;
  const near = closest(asked, [...all.keys()]);
  throw new OutsideError("simulation/not-scripted", `The simulation does not say what ${verb} ${asked}.`, {
    seen: asked,
    fix: near === undefined ? "Script it before it is asked." : `Did you mean ${near}?`,
  });
}
