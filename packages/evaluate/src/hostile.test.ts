import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canEvaluate, configOf, evaluatorFor, outcomeOf } from "../test/evaluator.ts";
import { permissionFlags } from "./sandbox.ts";

let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.destroy();
});
const datagrams = createSocket("udp4", () => {
  connections += 1;
});
let folder: string;
let port: number;
let udp: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glu-hostile-"));
  writeFileSync(join(folder, "secret"), "hunter2");
  process.env.GLU_TOKEN = "glu-canary-token";
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
  datagrams.bind(0, "127.0.0.1");
  await once(datagrams, "listening");
  udp = datagrams.address().port;
});
afterAll(() => {
  delete process.env.GLU_TOKEN;
  server.close();
  datagrams.close();
  rmSync(folder, { recursive: true });
});

/** The program with the addresses of what it wants to reach. */
const aim = (program: string) =>
  program
    .replaceAll("PORT", String(port))
    .replaceAll("UDP", String(udp))
    .replaceAll("FOLDER", folder)
    .replaceAll("PPID", String(process.pid));

const nothing = { version: 1 };

describe.runIf(canEvaluate)("a hostile glu.config.ts", () => {
  it.each([
    ["a token from the environment", "export default { token: process.env.GLU_TOKEN }"],
    ["the end of Glu", "process.kill(PPID); export default {}"],
    ["its own end", "process.exit(0); export default {}"],
    ["a module of Node without import", 'const fs = process.getBuiltinModule("node:fs"); export default {}'],
    ["a binding of Node", 'process.binding("tcp_wrap"); export default {}'],
    ["require", 'require("node:fs"); export default {}'],
    ["a socket by fetch", 'await fetch("http://127.0.0.1:PORT"); export default {}'],
    ["a socket by WebSocket", 'new WebSocket("ws://127.0.0.1:PORT"); export default {}'],
    ["a socket by EventSource", 'new EventSource("http://127.0.0.1:PORT"); export default {}'],
    ["code from text", 'new Function("return 1")(); export default {}'],
    ["code from text, by eval", '(0, eval)("1"); export default {}'],
    ["code from text, by an async function", '(async () => {}).constructor("1")(); export default {}'],
    ["WebAssembly", "new WebAssembly.Module(new Uint8Array(8)); export default {}"],
    ["memory outside of the heap", "new ArrayBuffer(2 ** 33); export default {}"],
    ["a worker", 'new Worker("data:text/javascript,1"); export default {}'],
    ["a timer", "setTimeout(() => {}, 1); export default {}"],
  ])("gets no %s", async (_, program) => {
    expect(await outcomeOf(aim(program))).toMatchObject({ code: "config/threw", exitCode: 2, at: { line: 1 } });
  });

  it.each([
    ["node:fs", 'import { readFileSync } from "node:fs"; export default { a: readFileSync("/etc/passwd", "utf8") }'],
    ["fs", 'import { writeFileSync } from "fs"; writeFileSync("FOLDER/written", ""); export default {}'],
    ["node:net", 'import { connect } from "node:net"; connect(PORT, "127.0.0.1"); export default {}'],
    ["node:http", 'import { get } from "node:http"; get("http://127.0.0.1:PORT"); export default {}'],
    [
      "node:dns",
      'import { Resolver } from "node:dns"; new Resolver().setServers(["127.0.0.1:UDP"]); export default {}',
    ],
    ["node:child_process", 'import { execSync } from "node:child_process"; execSync("id"); export default {}'],
    ["node:worker_threads", 'import { Worker } from "node:worker_threads"; export default {}'],
    ["node:vm", 'import vm from "node:vm"; export default {}'],
    ["node:module", 'import { createRequire } from "node:module"; export default {}'],
    ["another package", 'import { z } from "zod"; export default {}'],
    ["another package of Glu", 'import { UserError } from "@glu/core"; export default {}'],
    ["what lies beside the SDK", 'import "@glu/sdk/../../core"; export default {}'],
    ["what lies outside", 'import "../outside.ts"; export default {}'],
    ["a file elsewhere in the repository", 'import "./apps/web.ts"; export default {}'],
    ["a file that is named like an inherited key", 'import "./constructor"; export default {}'],
    ["an absolute path", 'import "FOLDER/secret"; export default {}'],
    ["a file: URL", 'import "file://FOLDER/secret"; export default {}'],
    ["a data: URL", 'import "data:text/javascript,export default 1"; export default {}'],
    ["an http: URL", 'import "http://127.0.0.1:PORT/x.js"; export default {}'],
    ["a name with a fragment", 'import "#internal"; export default {}'],
    ["by import()", 'const fs = await import("node:fs"); export default {}'],
    ["by import() with a comment in it", 'const fs = await import/* */\n// (\n("node:fs"); export default {}'],
    [
      "by import() after many comments",
      `const fs = await import${"/* */ // x\n".repeat(200)}("node:fs"); export default {}`,
    ],
    ["by import.defer()", 'const fs = await import.defer("node:fs"); export default {}'],
    ["by import() in a template", "const a = `${await import('node:fs')}`; export default {}"],
    ["the SDK, and more by re-export", 'export * from "node:fs"; export default {}'],
  ])("imports no %s", async (_, program) => {
    expect(await outcomeOf(aim(program))).toMatchObject({ code: "config/import", exitCode: 2 });
  });

  it.each([
    ["loops for ever", "for (;;) {} export default {}"],
    ["loops in promises for ever", "for (;;) await null; export default {}"],
    ["waits for what never comes", "await new Promise(() => {}); export default {}"],
    ["has a regular expression that does not end", '/^(a+)+$/.test(`${"a".repeat(60)}b`); export default {}'],
    ["has a proxy whose keys take for ever", "export default new Proxy({}, { ownKeys: () => { for (;;) {} } })"],
  ])("is ended when it %s, and the next one is evaluated", async (_, program) => {
    const evaluator = evaluatorFor({ limit: 1000 });
    await expect(evaluator.evaluate(configOf(program))).rejects.toMatchObject({ code: "config/too-slow" });
    expect(await evaluatorFor().evaluate(configOf("export default { version: 1 }"))).toEqual(nothing);
  });

  it.each([
    ["a list", "const all = []; for (;;) all.push(new Array(10_000).fill(1)); export default {}"],
    ["texts", 'const all = []; for (let i = 0; ; i++) all.push(String(i).padEnd(1_000_000, "x") + i)'],
    ["promises", "const go = () => Promise.resolve().then(go); await go(); export default {}"],
    ["a map", "const all = new Map(); for (let i = 0; ; i++) all.set(i, { i })"],
    ["an answer", 'export default { a: "x".repeat(5_000_000) }'],
    ["values of a proxy", "const p = new Proxy([], { get: () => 1e9 }); export default { p }"],
  ])("is ended when it makes %s without end", async (_, program) => {
    expect(await outcomeOf(program)).toMatchObject({ code: expect.stringMatching(/^config\/(too-large|not-data)$/) });
  });

  // Elsewhere there is no count of it, and the time limit ends it.
  it.runIf(process.platform === "linux")("is ended when it makes texts outside of the heap", async () => {
    const program = 'for (;;) "x".repeat(2 ** 28).normalize("NFKD"); export default {}';
    expect(await outcomeOf(program)).toMatchObject({ code: "config/too-large" });
  });

  it("is not slow to read for comments that look like an import", async () => {
    const program = `// import ${"/* */ // ".repeat(2000)}\nexport default { version: 1 };`;
    expect(await outcomeOf(program)).toEqual(nothing);
  });

  it("prints a million lines to nobody", async () => {
    const program =
      'for (let i = 0; i < 1_000_000; i++) console.log("::set-output::", i); export default { version: 1 }';
    expect(await outcomeOf(program)).toEqual(nothing);
  });

  it.each([
    ["nothing", "", ""],
    ["a text", 'export default "x"', ""],
    ["a function", "export default () => ({})", ""],
    ["a getter", "export default { get version() { return 1 } }", "version"],
    ["a getter that ends the process", "export default { a: { get b() { return process.exit() } } }", "a.b"],
    ["a circle", "const a: any = {}; a.b = { c: a }; export default a", "b.c"],
    ["a key __proto__", 'export default { a: JSON.parse(\'{"__proto__": {"x": 1}}\') }', "a.__proto__"],
    ["a symbol", "export default { [Symbol.iterator]: 1 }", ""],
    ["a date", "export default { a: [new Date(0)] }", "a[0]"],
    ["a map", "export default { a: new Map() }", "a"],
    ["a promise", "export default Promise.resolve({})", ""],
    ["an instance", "class A {} export default { a: new A() }", "a"],
    ["a hole in a list", "export default { a: [1, , 2] }", "a[1]"],
    ["a number that JSON has not", "export default { a: NaN }", "a"],
    ["a bigint", "export default { a: 1n }", "a"],
    ["a function that is no gate", "export default { apps: { web: () => 1 } }", "apps.web"],
    [
      "a gate without a name",
      "export default { environments: { a: { gates: [() => 1] } } }",
      "environments.a.gates[0]",
    ],
    [
      "a gate with a name of two lines",
      'import { gate } from "@glu/sdk"; export default { environments: { a: { gates: [gate("a\\nb", () => 1)] } } }',
      "environments.a.gates[0]",
    ],
    [
      "a gate with a name that turns what follows round",
      'import { gate } from "@glu/sdk"; export default { environments: { a: { gates: [gate("a\u202eb", () => 1)] } } }',
      "environments.a.gates[0]",
    ],
    ["levels without end", "const f = (n) => (n === 0 ? 1 : { a: f(n - 1) }); export default f(70)", "a.a.a.a"],
  ])("that gives %s is told where", async (_, program, path) => {
    const error = await outcomeOf(program);
    expect(error).toMatchObject({ code: "config/not-data" });
    expect((error as { at: { path?: string } }).at.path ?? "").toMatch(
      new RegExp(`^${path.replace(/[[\]]/g, "\\$&")}`),
    );
  });

  it("that tampers with what it is read by gives no more than data", async () => {
    const program = `
      Object.prototype.toJSON = () => ({ stolen: 1 });
      Array.prototype.push = () => 0;
      Object.getOwnPropertyDescriptor = () => ({ value: 1 });
      JSON.stringify = () => "{}";
      globalThis.Object = null;
      export const then = (resolve) => resolve("gone");
      export default { version: 1, list: ["a", "b"] };`;
    expect(await outcomeOf(program)).toEqual({ version: 1, list: ["a", "b"] });
  });

  it.each([
    ["no fault at all", "{ kind: 'fault' }"],
    ["a fault of no kind", "{ kind: 'fault', fault: { kind: 'nonsense', message: 'x' } }"],
    ["a message that is no text", "{ kind: 'fault', fault: { kind: 'threw', message: { a: 1 } } }"],
    ["a file that is no text", "{ kind: 'fault', fault: { kind: 'threw', message: 'x', file: ['glu.config.ts'] } }"],
    ["a path that is no text", "{ kind: 'fault', fault: { kind: 'not-data', message: 'x', path: {} } }"],
    ["a line that is no number", "{ kind: 'fault', fault: { kind: 'threw', message: 'x', line: '1' } }"],
  ])("that answers by itself with %s ends, and is no bug of Glu", async (_, answer) => {
    const program = `
      Object.prototype.toJSON = () => { delete Object.prototype.toJSON; return ${answer}; };
      export default { get a() { return 1 } };`;
    expect(await outcomeOf(program)).toMatchObject({ code: "config/ended", exitCode: 2 });
  });

  it.each([
    ["an error", 'throw new TypeError("no\\n::error::such thing")', /TypeError: no ::error::such thing$/],
    ["null", "throw null", /null was thrown$/],
    ["a text", 'throw "x"', /x was thrown$/],
    ["what cannot be read", "throw new Proxy({}, { get() { throw 1 } })", /cannot be read was thrown$/],
    ["a hostile stack", 'throw { name: "A", message: "b", stack: "at /etc/passwd.ts:9:9" }', /A: b$/],
    ["more than is shown", 'throw new Error("x".repeat(100_000))', /^.{0,600}$/],
  ])("that throws %s is told on one line", async (_, program, message) => {
    const error = await outcomeOf(`\n${program}`);
    expect(error).toMatchObject({ code: "config/threw", message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain("\n");
    expect((error as { at: object }).at).toEqual(
      program.includes("new ") && !program.includes("Proxy")
        ? { file: "glu.config.ts", line: 2, column: expect.any(Number) }
        : { file: "glu.config.ts" },
    );
  });

  it("finds no way to Node from anything that it can reach", async () => {
    // Each of these leads out of a realm of Node's vm that shares an object with its host.
    const program = `
      const seen = new Set();
      const found = [];
      const look = (value, path, depth) => {
        if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
        seen.add(value);
        if (typeof value === "function") {
          for (const text of ["return process", "return globalThis.process"]) {
            try { const made = value.constructor(text)(); if (made !== undefined) found.push(path); } catch {}
          }
        }
        if (depth > 12) return;
        for (const key of Reflect.ownKeys(value)) {
          let next;
          try { next = value[key]; } catch { continue; }
          look(next, path + "." + String(key), depth + 1);
          if (String(key) === "process" || String(key) === "require") found.push(path);
        }
        look(Object.getPrototypeOf(value), path + ".[[Prototype]]", depth + 1);
      };
      Error.prepareStackTrace = (error, frames) => frames;
      const frames = new Error().stack;
      const deep = (n) => { try { return deep(n + 1); } catch (error) { return error; } };
      look(globalThis, "globalThis", 0);
      look(import.meta, "import.meta", 0);
      look(frames, "frames", 0);
      for (const frame of frames) {
        look(frame, "frame", 0);
        for (const name of ["getThis", "getFunction", "getTypeName", "getEvalOrigin"]) {
          try { look(frame[name](), "frame." + name, 0); } catch {}
        }
      }
      look(deep(0), "too deep", 0);
      look((async () => {})(), "promise", 0);
      export default { seen: String(seen.size > 200), found };`;
    expect(await outcomeOf(program)).toEqual({ seen: "true", found: [] });
  });

  it("reached nobody, wrote nothing, and told no secret", async () => {
    expect(existsSync(join(folder, "written"))).toBe(false);
    expect(connections).toBe(0);
    // The server is one that would have noticed.
    await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
    expect(connections).toBe(1);
  });
});

describe.runIf(canEvaluate)("the process that evaluates, were a program to get out of its realm", () => {
  /** As the process is started, with code of Node's own realm. */
  const run = (code: string) =>
    spawnSync(process.execPath, [...permissionFlags, "--eval", aim(code)], { env: {}, encoding: "utf8" });

  it.each([
    ["reads no file", 'import fs from "node:fs"; fs.readFileSync("FOLDER/secret")'],
    ["lists no folder", 'import fs from "node:fs"; fs.readdirSync("/")'],
    ["writes no file", 'import fs from "node:fs"; fs.writeFileSync("FOLDER/written", "")'],
    [
      "starts no process",
      'import { spawnSync } from "node:child_process"; spawnSync("id").error && (() => { throw spawnSync("id").error })()',
    ],
    ["starts no worker", 'import { Worker } from "node:worker_threads"; new Worker("1", { eval: true })'],
  ])("%s", (_, code) => {
    const { status, stderr } = run(code);
    expect(status).not.toBe(0);
    expect(stderr).toContain("ERR_ACCESS_DENIED");
  });

  it("makes no code from text, and changes nothing that all code shares", () => {
    expect(run('new Function("return 1")').stderr).toContain("EvalError");
    expect(run("Object.prototype.hacked = 1").stderr).toContain("TypeError");
  });

  it("has no environment", () => {
    const { stdout } = run("process.stdout.write(Object.keys(process.env).join())");
    expect(stdout).toBe("");
  });
});
