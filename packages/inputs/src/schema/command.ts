import type { Input } from "./input.ts";
import type { CamelCase } from "./names.ts";

/** A permission of the token, least first, with the reason a reader needs to grant it. */
export interface Permission {
  host: "github" | "gitlab";
  scope: string;
  access: "read" | "write";
  reason: string;
}

export interface Example {
  /** What it does, one sentence. */
  title: string;
  /** A command line, without prompt. */
  run: string;
}

export type Inputs = Readonly<Record<string, Input>>;

/** One command as data: the source of its action, its GitLab component, its flags and its documentation. */
export interface Command<Ins extends Inputs = Inputs, Out extends string = string> {
  /** Kebab-case; the action's and the component's name. */
  readonly name: string;
  /** Words on the command line after `glu`: `artifact create`. */
  readonly cli: string;
  /** One sentence without a full stop at most 100 characters long. */
  readonly summary: string;
  /** What it does, for someone who has not used it. Markdown. */
  readonly description: string;
  readonly inputs: Ins;
  /** Output name → what it holds. */
  readonly outputs: Readonly<Record<Out, string>>;
  readonly permissions: readonly Permission[];
  readonly examples: readonly Example[];
}

/** What {@link parseInputs} returns for a command: names in camelCase, values typed. */
export type InputsOf<C extends { readonly inputs: Inputs }> = {
  [Name in keyof C["inputs"] & string as CamelCase<Name>]: C["inputs"][Name] extends Input<infer Value> ? Value : never;
};

/** The names of a command's outputs. */
export type OutputsOf<C extends Command> = keyof C["outputs"] & string;

export interface CommandOptions<Ins extends Inputs, Out extends string> {
  name: string;
  cli?: string;
  summary: string;
  description: string;
  inputs: Ins;
  outputs?: Readonly<Record<Out, string>>;
  permissions?: readonly Permission[];
  examples?: readonly Example[];
}

/** Declares a command; the types of its parsed inputs follow by inference. */
export function defineCommand<const Ins extends Inputs, const Out extends string = never>(
  options: CommandOptions<Ins, Out>,
): Command<Ins, Out> {
  return {
    name: options.name,
    cli: options.cli ?? options.name,
    summary: options.summary,
    description: options.description,
    inputs: options.inputs,
    outputs: options.outputs ?? ({} as Record<Out, string>),
    permissions: options.permissions ?? [],
    examples: options.examples ?? [],
  };
}
