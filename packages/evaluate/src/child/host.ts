// The process that evaluates. It is started without an environment, and by Node's permission model without files,
// processes, workers and addons. The program runs in a realm of its own, in which there is neither Node nor the web.
import { stripTypeScriptTypes } from "node:module";
import { createInterface } from "node:readline";
import vm from "node:vm";
import { type Answer, type Fault, longestAnswer, type Question } from "./protocol.ts";
import { resolveImport } from "./resolve-import.ts";

// Put in front of this text when the process is started.
declare const texts: { prelude: string; bridge: string; sdk: string };

interface Bridge {
  readConfig(program: object): unknown;
  callFunction(program: object, call: { name: string; index: number; context: string }): Promise<unknown>;
  describe(error: unknown): unknown;
}

/** Nothing of the program comes here. Were it to, it would find none of these. */
function disarm(): void {
  const unwanted: [object, readonly string[]][] = [
    [globalThis, ["fetch", "WebSocket", "EventSource", "BroadcastChannel", "MessageChannel", "navigator"]],
    [process, ["binding", "_linkedBinding", "dlopen", "kill", "_kill", "_debugProcess", "_debugEnd", "abort"]],
    [process, ["getBuiltinModule", "report", "setSourceMapsEnabled", "loadEnvFile", "chdir"]],
  ];
  for (const [holder, names] of unwanted) for (const name of names) Reflect.deleteProperty(holder, name);
}

/** What is wrong with the program before it runs. */
class Refused extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

const context = () =>
  vm.createContext(vm.constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });

/**
 * The word, then nothing but spaces and comments, then a bracket or a phase (`import.defer`). It may find more than what is
 * one, and never less; each part can match in one way only, so that no text makes it slow.
 */
const dynamicImport =
  /\bimport(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r\u2028\u2029]*[\n\r\u2028\u2029])*(?:\(|\.\s*(?!meta\b))/;

const stripped = new Map<string, string>();

function strip(file: string, text: string): string {
  const known = stripped.get(text);
  if (known !== undefined) return known;
  // Between the word and the bracket of a dynamic import stand spaces and comments, and nothing else.
  const dynamic = text.search(dynamicImport);
  if (dynamic >= 0) {
    const message = "import(…) is not allowed, nor in a text or comment: import at the top of the file";
    throw new Refused({ kind: "import", message, file, line: lineAt(text, dynamic) });
  }
  try {
    const code = stripTypeScriptTypes(text);
    stripped.set(text, code);
    return code;
  } catch (error) {
    throw new Refused(faultOf(error, file));
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** What is thrown by a parser: our own, so it may be read. Where it knows the line, the stack begins with it. */
function faultOf(error: unknown, file: string): Fault {
  const { message, stack = "" } = error as Error;
  const [, line] = /^[^\n]*:(\d+)\n/.exec(stack) ?? [];
  const [first = ""] = message.split("\n", 1);
  return { kind: "syntax", message: first, file, ...(line === undefined ? {} : { line: Number(line) }) };
}

async function answerTo({ files, entry, call }: Question): Promise<unknown> {
  const realm = context();
  new vm.Script(texts.prelude, { filename: "glu" }).runInContext(realm);
  const bridge = new vm.SourceTextModule(texts.bridge, { context: realm, identifier: "glu" });
  await bridge.link(() => Promise.reject(new Error("the bridge imports nothing")));
  await bridge.evaluate();
  const { readConfig, callFunction, describe } = bridge.namespace as unknown as Bridge;

  const modules = new Map<string, vm.SourceTextModule>();
  const moduleOf = (file: string): vm.SourceTextModule => {
    const known = modules.get(file);
    if (known !== undefined) return known;
    const code = file === "@glu/sdk" ? texts.sdk : strip(file, files[file] as string);
    try {
      const made = new vm.SourceTextModule(code, { context: realm, identifier: file });
      modules.set(file, made);
      return made;
    } catch (error) {
      throw new Refused(faultOf(error, file));
    }
  };
  const program = moduleOf(entry);
  try {
    await program.link((specifier, { identifier }) => {
      const found = resolveImport(specifier, identifier, files);
      if (found.kind === "file") return moduleOf(found.file);
      const text = files[identifier] ?? "";
      const offset = [`"${specifier}"`, `'${specifier}'`].map((quoted) => text.indexOf(quoted));
      const line = lineAt(text, Math.max(0, ...offset));
      throw new Refused({ kind: "import", message: found.why, file: identifier, line });
    });
  } catch (error) {
    // A name that a file does not export is a SyntaxError of the linker.
    if (error instanceof Refused) throw error;
    throw new Refused(faultOf(error, entry));
  }
  try {
    await program.evaluate();
  } catch (error) {
    return describe(error);
  }
  if (call === undefined) return readConfig(program.namespace);
  return callFunction(program.namespace, { ...call, context: JSON.stringify(call.context) });
}

const fault = (one: Fault): string => JSON.stringify({ kind: "fault", fault: one } satisfies Answer);

disarm();
for await (const line of createInterface({ input: process.stdin })) {
  let text: unknown;
  try {
    text = await answerTo(JSON.parse(line) as Question);
  } catch (error) {
    text = error instanceof Refused ? fault(error.fault) : fault({ kind: "threw", message: "it could not be read" });
  }
  const isFit = typeof text === "string" && text.length <= longestAnswer && !text.includes("\n");
  process.stdout.write(`${isFit ? text : fault({ kind: "too-large", message: "the answer is too large" })}\n`);
}
