import type { Given } from "../parse/given.ts";
import { parseChoice, parseCount, parseFlag, parseList, parseText } from "../parse/values.ts";

/** Where an input exists: `action.yml`, GitLab `spec: inputs`, the command line. */
export const hosts = ["action", "gitlab", "cli"] as const;
export type Host = (typeof hosts)[number];

export type InputKind = "text" | "list" | "flag" | "choice" | "count";

/** How a list is written in one text: names by comma or line; free values by line only, for they may hold commas. */
export type Separator = "comma" | "line";

/** What one value looks like: `regex` in the common part of ECMAScript and RE2, anchored; `means` in words. */
export interface Pattern {
  regex: string;
  /** Completes "Give …". */
  means: string;
}

/** One input: everything the generators show, and how its text becomes a value. */
export interface Input<Value = unknown> {
  readonly kind: InputKind;
  /** Teaches: what it does, what may be given, what happens without it. Markdown, one line. */
  readonly description: string;
  readonly hosts: readonly Host[];
  readonly required: boolean;
  /** As a user would write it; undefined when there is none, or when it depends on other inputs. */
  readonly default: string | undefined;
  /** A default only the GitHub runner can compute, such as `${{ toJSON(matrix) }}`. */
  readonly actionDefault: string | undefined;
  readonly choices: readonly string[];
  /** What one value looks like. */
  readonly pattern: Pattern | undefined;
  readonly separator: Separator | undefined;
  /** May hold line breaks. */
  readonly multiline: boolean;
  /** Given and empty is a mistake, not "not given": an expression that came to nothing must not become the default. */
  readonly refuseEmpty: boolean;
  /** What stands for the value in help: `--app <name>`. */
  readonly placeholder: string;
  /** 1-based position on the command line instead of a flag. */
  readonly position: number | undefined;
  /** One-letter flag. */
  readonly short: string | undefined;
  /** Left out of tables and help; there for the machine. */
  readonly hidden: boolean;
  /** Never shown in a message. */
  readonly secret: boolean;
  /** On GitLab: `$VARIABLES` in it are expanded. Off for free text that a person types, which could name a secret. */
  readonly expand: boolean;
  parse(name: string, given: Given): Value;
}

/** The default that the root action declares: without it, left out could not be told from given and empty. */
export const rootDefault = (input: Input): string | undefined =>
  input.actionDefault ?? (input.refuseEmpty ? input.default : undefined);

interface Shared {
  description: string;
  hosts?: readonly Host[];
  position?: number;
  short?: string;
  hidden?: boolean;
  placeholder?: string;
  expand?: boolean;
}

export interface TextOptions<Value extends string> extends Shared {
  default?: string;
  actionDefault?: string;
  required?: boolean;
  pattern?: Pattern;
  multiline?: boolean;
  refuseEmpty?: boolean;
  secret?: boolean;
  /** Turns the text into a typed value, or throws a `UserError` that says why not. */
  of?: (value: string) => Value;
}

export interface ListOptions<Value extends string> extends Shared {
  required?: boolean;
  pattern?: Pattern;
  /** Default: `comma`. */
  separator?: Separator;
  of?: (value: string) => Value;
}

export interface ChoiceOptions<Value extends string> extends Shared {
  choices: readonly Value[];
  default?: NoInfer<Value>;
  required?: boolean;
}

interface CountOptions extends Shared {
  default?: number;
}

type Present = { required: true } | { default: string };

// Without a parser of its own `Value` is inferred as `string`; the signatures of `text` and `list` see to that.
const asIs = <Value extends string>(value: string): Value => value as Value;

function shared(options: Shared): Omit<Input, "parse" | "kind"> {
  return {
    description: options.description,
    hosts: options.hosts ?? hosts,
    required: false,
    default: undefined,
    actionDefault: undefined,
    choices: [],
    pattern: undefined,
    separator: undefined,
    multiline: false,
    refuseEmpty: false,
    placeholder: options.placeholder ?? "value",
    position: options.position,
    short: options.short,
    hidden: options.hidden ?? false,
    secret: false,
    expand: options.expand ?? true,
  };
}

function text<Value extends string = string>(options: TextOptions<Value> & Present): Input<Value>;
function text<Value extends string = string>(options: TextOptions<Value>): Input<Value | undefined>;
function text<Value extends string>(options: TextOptions<Value>): Input<Value | undefined> {
  const input = {
    ...shared(options),
    kind: "text" as const,
    required: options.required ?? false,
    default: options.default,
    actionDefault: options.actionDefault,
    pattern: options.pattern,
    multiline: options.multiline ?? false,
    refuseEmpty: options.refuseEmpty ?? false,
    secret: options.secret ?? false,
  };
  return { ...input, parse: (name, given) => parseText<Value>(name, given, { ...input, of: options.of ?? asIs }) };
}

/** Values in the order they were given; empty when nothing was. */
function list<Value extends string = string>(options: ListOptions<Value>): Input<Value[]> {
  const input = {
    ...shared(options),
    kind: "list" as const,
    required: options.required ?? false,
    pattern: options.pattern,
    separator: options.separator ?? ("comma" as const),
  };
  return { ...input, parse: (name, given) => parseList<Value>(name, given, { ...input, of: options.of ?? asIs }) };
}

/** `true` or `false`; false when not given. */
function flag(options: Shared): Input<boolean> {
  return { ...shared(options), kind: "flag", default: "false", parse: parseFlag };
}

function choice<const Value extends string>(options: ChoiceOptions<Value> & Present): Input<Value>;
function choice<const Value extends string>(options: ChoiceOptions<Value>): Input<Value | undefined>;
function choice<const Value extends string>(options: ChoiceOptions<Value>): Input<Value | undefined> {
  const input = { required: options.required ?? false, default: options.default, choices: options.choices };
  return {
    ...shared(options),
    ...input,
    kind: "choice",
    parse: (name, given) => parseChoice(name, given, input),
  };
}

/** A whole number, zero or more. */
function count(options: CountOptions & { default: number }): Input<number>;
function count(options: CountOptions): Input<number | undefined>;
function count(options: CountOptions): Input<number | undefined> {
  return {
    ...shared({ placeholder: "number", ...options }),
    kind: "count",
    default: options.default?.toString(),
    pattern: { regex: "^[0-9]{1,9}$", means: "a whole number" },
    parse: (name, given) => parseCount(name, given, options.default),
  };
}

/** The constructors of inputs. */
export const input = { text, list, flag, choice, count };
