/** `name`: `*` and `?` stay within one part of `a/b`, and `**` crosses. `prose`: there are no parts, `*` crosses. */
export type GlobKind = "name" | "prose";

type Takes = (character: string) => boolean;

/** One step of a compiled glob. What takes a character goes on to the next step, or stays; a fork takes none. */
type Step = { kind: "one" | "many"; takes: Takes } | { kind: "fork"; to: number[] };

const anything: Takes = () => true;
const withinPart: Takes = (character) => character !== "/";

/**
 * Whether the whole text matches. `*`, `**`, `?`, `[a-z]`, `[!a-z]` and `{a,b}` are special, `\` takes that from the
 * next character, and everything else stands for itself: `(`, `)`, `|`, `+`, `@` too. In a name `**` and the `/` beside
 * it may be nothing. All ways through the glob are followed at once, so the time is at most proportional to the length
 * of the text times that of the glob, whoever wrote the text.
 */
export function matchesGlob(glob: string, text: string, kind: GlobKind): boolean {
  const steps = new Compiler(glob, kind).compile();
  let active = new Set<number>();
  enter(steps, 0, active);
  for (const character of text) {
    const next = new Set<number>();
    for (const at of active) {
      const step = steps[at];
      if (step === undefined || step.kind === "fork" || !step.takes(character)) continue;
      enter(steps, step.kind === "many" ? at : at + 1, next);
    }
    if (next.size === 0) return false;
    active = next;
  }
  return active.has(steps.length);
}

/** Marks a step and all that are reached from it without a character. */
function enter(steps: readonly Step[], start: number, active: Set<number>): void {
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (active.has(at)) continue;
    active.add(at);
    const step = steps[at];
    if (step?.kind === "fork") open.push(...step.to);
    else if (step?.kind === "many") open.push(at + 1);
  }
}

class Compiler {
  readonly #glob: readonly string[];
  readonly #kind: GlobKind;
  readonly #steps: Step[] = [];

  constructor(glob: string, kind: GlobKind) {
    this.#glob = [...glob];
    this.#kind = kind;
  }

  compile(): Step[] {
    this.#range(0, this.#glob.length, true);
    return this.#steps;
  }

  /** Compiles what lies between two positions; `fresh`: it begins a part of a name. */
  #range(from: number, to: number, fresh: boolean): void {
    let begins = fresh;
    for (let at = from; at < to; ) {
      const next = this.#one(at, to, begins);
      begins = this.#glob[next - 1] === "/";
      at = next;
    }
  }

  /** Compiles what stands at a position, and says where the next thing begins. */
  #one(at: number, to: number, begins: boolean): number {
    const character = this.#glob[at] ?? "";
    const within = this.#kind === "name" ? withinPart : anything;
    if (character === "\\" && at + 1 < to) return this.#literal(this.#glob[at + 1] ?? "", at + 2);
    if (character === "?") return this.#push({ kind: "one", takes: within }, at + 1);
    if (character === "*") return this.#stars(at, to, begins);
    if (character === "[") {
      const end = classEnd(this.#glob, at, to);
      if (end !== undefined) return this.#push({ kind: "one", takes: classOf(this.#glob, at, end, within) }, end + 1);
    }
    if (character === "{") {
      const commas = alternatives(this.#glob, at, to);
      if (commas !== undefined) return this.#choice([at, ...commas], begins);
    }
    // `a/**` is `a` and all below it.
    const rest = this.#glob.slice(at, to).join("");
    if (this.#kind === "name" && /^\/\*\*+$/.test(rest)) return this.#optional(() => this.#below(), to);
    return this.#literal(character, at + 1);
  }

  #below(): void {
    this.#literal("/", 0);
    this.#push({ kind: "many", takes: anything }, 0);
  }

  #stars(at: number, to: number, begins: boolean): number {
    let end = at;
    while (end < to && this.#glob[end] === "*") end++;
    if (this.#kind === "prose") return this.#push({ kind: "many", takes: anything }, end);
    if (end - at === 1) return this.#push({ kind: "many", takes: withinPart }, end);
    // `**/a` is `a` in any folder, and `a` itself.
    if (begins && end < to && this.#glob[end] === "/") {
      return this.#optional(() => {
        this.#push({ kind: "many", takes: anything }, 0);
        this.#literal("/", 0);
      }, end + 1);
    }
    return this.#push({ kind: "many", takes: anything }, end);
  }

  /** `{a,b}`: a fork to each, and from the end of each to what follows. `bounds` are its brackets and commas. */
  #choice(bounds: readonly number[], begins: boolean): number {
    const fork: Step = { kind: "fork", to: [] };
    this.#steps.push(fork);
    const ends: number[][] = [];
    for (const [index, start] of bounds.slice(0, -1).entries()) {
      fork.to.push(this.#steps.length);
      this.#range(start + 1, bounds[index + 1] ?? start, begins);
      const leave: number[] = [];
      this.#steps.push({ kind: "fork", to: leave });
      ends.push(leave);
    }
    for (const leave of ends) leave.push(this.#steps.length);
    return (bounds.at(-1) ?? 0) + 1;
  }

  #optional(compile: () => void, next: number): number {
    const to: number[] = [];
    this.#steps.push({ kind: "fork", to });
    to.push(this.#steps.length);
    compile();
    to.push(this.#steps.length);
    return next;
  }

  #literal(wanted: string, next: number): number {
    return this.#push({ kind: "one", takes: (character) => character === wanted }, next);
  }

  #push(step: Step, next: number): number {
    this.#steps.push(step);
    return next;
  }
}

/** Where the class ends that begins at a position; undefined: it does not, and `[` is a character. */
function classEnd(glob: readonly string[], at: number, to: number): number | undefined {
  const first = at + (isNegated(glob, at) ? 2 : 1);
  for (let end = first + 1; end < to; end++) if (glob[end] === "]") return end;
  return undefined;
}

const isNegated = (glob: readonly string[], at: number): boolean => glob[at + 1] === "!" || glob[at + 1] === "^";

/** `[a-z_]`, `[!a-z]`. A `]` that comes first is a character. */
function classOf(glob: readonly string[], at: number, end: number, within: Takes): Takes {
  const negated = isNegated(glob, at);
  const ranges: [string, string][] = [];
  for (let index = at + (negated ? 2 : 1); index < end; index++) {
    const from = glob[index] ?? "";
    const isRange = glob[index + 1] === "-" && index + 2 < end;
    ranges.push([from, isRange ? (glob[index + 2] ?? "") : from]);
    if (isRange) index += 2;
  }
  const point = (character: string): number => character.codePointAt(0) ?? 0;
  const inside: Takes = (character) =>
    ranges.some(([from, until]) => point(character) >= point(from) && point(character) <= point(until));
  return (character) => within(character) && inside(character) !== negated;
}

/** The commas and the end of the choice that begins at a position; undefined: it is none, and `{` is a character. */
function alternatives(glob: readonly string[], at: number, to: number): number[] | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let index = at; index < to; index++) {
    const character = glob[index];
    if (character === "\\") index++;
    else if (character === "{") depth++;
    else if (character === "," && depth === 1) commas.push(index);
    else if (character === "}" && --depth === 0) return commas.length === 0 ? undefined : [...commas, index];
  }
  return undefined;
}
