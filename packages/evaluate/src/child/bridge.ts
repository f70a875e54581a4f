// Runs in the realm of the program, before it. What goes out are texts: nothing of that realm is used outside, and
// nothing from outside is given to it.
import type { Answer, Fault } from "./protocol.ts";
import { NotData, toJson } from "./to-json.ts";

type Callable = (...args: unknown[]) => unknown;

interface FunctionGate {
  name: string;
  timeout: string;
  call: Callable;
}

const details = Symbol.for("glu.gate");
const inGates = /^environments\..+\.gates\[\d+\]$/;
/** A name as people read it: it stands in a sentence, so it is one line and no longer than a few words. */
const readable = /^(?=\S)[^\p{C}\p{Zl}\p{Zp}]{1,63}$/u;
const quote = JSON.stringify;

/** The answer to a question about the config: its data, each function as a reference. */
export function readConfig(program: { default?: unknown }): string {
  return answer(() => `{"kind":"value","value":${readProgram(program).text}}`);
}

/** The answer of one of the config's functions. */
export async function callFunction(
  program: { default?: unknown },
  { name, index, context }: { name: string; index: number; context: string },
): Promise<string> {
  let result: unknown;
  try {
    const gate = readProgram(program).gates[index];
    if (gate?.name !== name) return fault({ kind: "not-there", message: `There is no function ${name}.` });
    result = await gate.call(JSON.parse(context));
  } catch (error) {
    return describe(error);
  }
  if (result === undefined) return describe(new NotData("", "returned nothing"));
  return answer(() => `{"kind":"value","value":${toJson(result, refuseFunction)}}`);
}

/** What was thrown, whatever it is. */
export function describe(error: unknown): string {
  try {
    if (error instanceof NotData) return fault({ kind: "not-data", message: error.message, path: error.path });
    if (typeof error !== "object" || error === null) {
      return fault({ kind: "threw", message: `${String(error).slice(0, 500)} was thrown` });
    }
    const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
    const text = `${String(name)}: ${String(message)}`.slice(0, 500);
    // The frames are at the end, after a message of any length.
    return fault({ kind: "threw", message: text, ...placeIn(String(stack).slice(-5000)) });
  } catch {
    return fault({ kind: "threw", message: "what cannot be read was thrown" });
  }
}

/** The first place of the program in a stack: `at name (glu/gates.ts:3:5)`. Of a file that is no program it says nothing. */
function placeIn(stack: string): Pick<Fault, "file" | "line" | "column"> {
  const [, file, line, column] = /(?:^|\(|at (?:async )?)([^\s():]+\.ts):(\d+)(?::(\d+))?/m.exec(stack) ?? [];
  if (file === undefined) return {};
  return { file, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
}

function readProgram(program: { default?: unknown }): { text: string; gates: FunctionGate[] } {
  const config = program.default;
  if (config === undefined) throw new NotData("", "has no default export: write export default defineConfig({ … })");
  if (typeof config !== "object") throw new NotData("", "exports no mapping: write export default defineConfig({ … })");
  const gates: FunctionGate[] = [];
  const text = toJson(config, (value, path) => {
    if (!inGates.test(path)) throw new NotData(path, "is a function, and functions stand in gates only");
    const gate = readGate(value, path);
    gates.push(gate);
    return `{"function":{"name":${quote(gate.name)},"index":${gates.length - 1},"timeout":${quote(gate.timeout)}}}`;
  });
  return { text, gates };
}

function readGate(call: Callable, path: string): FunctionGate {
  const given = (call as { [details]?: { name?: unknown; timeout?: unknown } })[details];
  const { name = call.name, timeout = "10s" } = given ?? {};
  if (name === "") throw new NotData(path, 'is a function without a name to tell it by: write gate("quiet hours", …)');
  if (typeof name !== "string" || !readable.test(name)) {
    throw new NotData(path, "has a name that is no text of 1 to 63 characters on one line");
  }
  if (typeof timeout !== "string") throw new NotData(path, 'has a timeout that is no text such as "30s"');
  return { name, timeout, call };
}

const refuseFunction = (_value: Callable, path: string): never => {
  throw new NotData(path, "is a function");
};

function answer(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return describe(error);
  }
}

const fault = (one: Fault): string => quote({ kind: "fault", fault: one } satisfies Answer);
