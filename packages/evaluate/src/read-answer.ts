import type { Answer, Fault } from "./child/protocol.ts";

const kinds: readonly unknown[] = [
  "syntax",
  "import",
  "threw",
  "not-data",
  "not-there",
  "too-large",
] satisfies Fault["kind"][];

/**
 * An answer of the process that evaluates, which the program may have made: undefined when it is none. What it says of a
 * fault has the types that it should have; what it says is still the program's own.
 */
export function readAnswer(text: string): Answer | undefined {
  const answer = parse(text);
  if (!isMapping(answer)) return undefined;
  if (answer.kind === "value") return { kind: "value", value: answer.value };
  return answer.kind === "fault" && isFault(answer.fault) ? { kind: "fault", fault: answer.fault } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function isFault(value: unknown): value is Fault {
  if (!isMapping(value) || !kinds.includes(value.kind) || typeof value.message !== "string") return false;
  const isTextOrNone = (one: unknown) => one === undefined || typeof one === "string";
  const isNumberOrNone = (one: unknown) => one === undefined || typeof one === "number";
  const { path, file, line, column } = value;
  return isTextOrNone(path) && isTextOrNone(file) && isNumberOrNone(line) && isNumberOrNone(column);
}
