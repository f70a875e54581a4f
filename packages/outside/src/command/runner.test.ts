import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainEnvironment } from "./environment.ts";
import { openCommandRunner } from "./runner.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "glu-command-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const job = {
  PATH: process.env.PATH,
  HOME: "/home/job",
  LANG: "C.UTF-8",
  GITHUB_TOKEN: "ghs_s3cret",
  GLU_TOKEN: "s3cret",
};

function run(argv: readonly string[], more: { variables?: Record<string, string>; signal?: AbortSignal } = {}) {
  const redact = (text: string) => text.replaceAll("s3cret", "***");
  const runner = openCommandRunner({ env: job, cwd: folder, redact });
  return runner.run({ argv, variables: more.variables ?? {} }, more.signal ?? never);
}

/** A script of Node, with its arguments. */
const node = (script: string, ...args: string[]) => [process.execPath, "--eval", script, "--", ...args];

/** A place that what was started connects to, and that sees when it ends. */
async function startWatch() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    /** When this many have connected. */
    async connected(count: number): Promise<void> {
      while (sockets.length < count) await once(server, "connection");
    },
    /** When all of them are gone. */
    async gone(): Promise<void> {
      await Promise.all(sockets.map((socket) => socket.closed || once(socket, "close")));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Connects, and lives until it is ended. */
const lives = (port: number) => `require("node:net").connect(${port}, "127.0.0.1"); setInterval(() => {}, 1000);`;
/** Starts a child that lives, and lives itself. */
const hasChild = (port: number) =>
  `require("node:child_process").spawn(process.execPath, ["--eval", ${JSON.stringify(lives(port))}], { stdio: "inherit" }); ${lives(port)}`;

describe("a program", () => {
  it.each([0, 1, 2, 127, 255])("ends with %i", async (code) => {
    expect(await run(node(`process.exit(${code})`))).toEqual({ code, output: "" });
  });

  it("that a signal ends has no code", async () => {
    expect(await run(node("console.log('so far'); process.kill(process.pid, 'SIGTERM')"))).toEqual({
      code: undefined,
      output: "so far\n",
    });
  });

  it("gets its arguments as they are: there is no shell", async () => {
    const args = ["$HOME", "a b", "; exit 3", "$(touch x)", "*", "'\"", "--", ""];
    const { output } = await run(node("console.log(JSON.stringify(process.argv.slice(1)))", ...args));
    expect(JSON.parse(output)).toEqual(args);
  });

  it("runs in the folder of the job, where its own file is found by its path", async () => {
    const script = join(folder, "smoke-test");
    writeFileSync(script, "#!/bin/sh\npwd\n");
    chmodSync(script, 0o755);
    expect(await run(["./smoke-test"])).toEqual({ code: 0, output: `${folder}\n` });
    expect(await run(["sh", "-c", "exit 4"])).toMatchObject({ code: 4 });
  });

  it("gets nothing of the job's variables but what programs need, and what is given", async () => {
    const { output } = await run(node("console.log(JSON.stringify(process.env))"), {
      variables: { GLU_APP: "web", HOME: "/elsewhere" },
    });
    const seen = Object.entries(JSON.parse(output)).filter(([name]) => !name.startsWith("__CF"));
    expect(Object.fromEntries(seen)).toEqual({ PATH: job.PATH, HOME: "/elsewhere", LANG: "C.UTF-8", GLU_APP: "web" });
  });

  it("that waits for input gets none", async () => {
    expect(await run(node("process.stdin.on('end', () => process.exit(5)).resume()"))).toMatchObject({ code: 5 });
  });

  it.each([
    ["there is none", ["./nothing"]],
    ["it may not be executed", ["./plain"]],
    ["it is a folder", ["."]],
    ["its argument has a NUL", ["sh", "a\0b"]],
    ["it has no name", []],
  ])("is not started when %s", async (_why, argv) => {
    writeFileSync(join(folder, "plain"), "text");
    await expect(run(argv)).rejects.toMatchObject({
      kind: "outside",
      code: "command/not-started",
      fix: expect.any(String),
    });
  });

  it("is not started when a variable has a NUL in it", async () => {
    const started = run(node(""), { variables: { GLU_IMAGES: "a\0b" } });
    await expect(started).rejects.toMatchObject({ code: "command/not-started" });
  });
});

describe("its output", () => {
  it("has both streams, without colours and secrets", async () => {
    const script = `process.stdout.write("\\x1b[32mok\\x1b[0m s3cret\\r\\n", () => console.error("failed s3cret"))`;
    const { output } = await run(node(script));
    expect(output.split("\n").sort()).toEqual(["", "failed ***", "ok ***"]);
  });

  it("may be no UTF-8", async () => {
    const { output } = await run(node("process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x62, 0xc3]))"));
    expect(output).toBe("a\ufffd\ufffdb\ufffd");
  });

  it("has characters whole that came in two parts", async () => {
    const script = `
      const bytes = Buffer.from("é😀");
      (function next(at) {
        if (at < bytes.length) process.stdout.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      })(0);`;
    expect((await run(node(script))).output).toBe("é😀");
  });

  it("is the end of it when there is much, in whole lines", async () => {
    const script = "for (let i = 0; i < 200000; i++) console.log('line ' + i)";
    const { code, output } = await run(node(script));
    expect(code).toBe(0);
    expect(output.length).toBeLessThanOrEqual(65_536);
    expect(output.length).toBeGreaterThan(60_000);
    expect(output).toMatch(/^line \d+\n[\s\S]*\nline 199999\n$/);
  });

  it("has no part of a secret where it is cut", async () => {
    const { output } = await run(node("for (let i = 0; i < 100000; i++) process.stdout.write('s3cret')"));
    expect(output).toMatch(/^\*+$/);
  });
});

describe("what a program started", () => {
  it("ends with it when its time is over", async () => {
    await using watch = await startWatch();
    const stop = new AbortController();
    const running = run(node(hasChild(watch.port)), { signal: stop.signal });
    await watch.connected(2);
    stop.abort();
    expect(await running).toEqual({ code: undefined, output: "" });
    await watch.gone();
  });

  it("ends with it when it has ended", async () => {
    await using watch = await startWatch();
    const started = `${hasChild(watch.port)}; setInterval(() => require("node:fs").existsSync("end") && process.exit(0), 10)`;
    const running = run(node(started));
    await watch.connected(2);
    writeFileSync(join(folder, "end"), "");
    expect(await running).toEqual({ code: 0, output: "" });
    await watch.gone();
  });

  it("holds nobody up when it has left the group with the program's output", async () => {
    await using watch = await startWatch();
    const child = `["--eval", ${JSON.stringify(lives(watch.port))}], { detached: true, stdio: "inherit" }`;
    const script = `const left = require("node:child_process").spawn(process.execPath, ${child}); console.log(left.pid); left.unref();`;
    const { code, output } = await run(node(script));
    expect(code).toBe(0);
    await watch.connected(1);
    process.kill(Number(output));
  });

  it("ends when the job is told to end", async () => {
    await using watch = await startWatch();
    const built = new URL("../../build/index.js", import.meta.url).href;
    const script = `
      const { openCommandRunner } = await import(${JSON.stringify(built)});
      const runner = openCommandRunner({ env: process.env, cwd: ".", redact: (text) => text });
      await runner.run({ argv: [process.execPath, "--eval", ${JSON.stringify(hasChild(watch.port))}], variables: {} }, new AbortController().signal);`;
    const glu = spawn(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder, stdio: "ignore" });
    await watch.connected(2);
    const ended = once(glu, "exit");
    glu.kill("SIGTERM");
    expect(await ended).toEqual([null, "SIGTERM"]);
    await watch.gone();
  });

  it("leaves nothing behind that listens to this process", async () => {
    const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP", "exit"].map((name) => process.listenerCount(name));
    const before = listeners();
    await run(node(""));
    await run(["./nothing"]).catch(() => undefined);
    expect(listeners()).toEqual(before);
  });
});

it("many programs run at the same time without a warning", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  const codes = Array.from({ length: 12 }, (_, index) => {
    return run(["sh", "-c", `exit ${index}`], { signal: new AbortController().signal });
  });
  expect((await Promise.all(codes)).map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  // A warning is told in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});

it("a program is not started when its time is over before", async () => {
  const result = await run(node("require('node:fs').writeFileSync('made', '')"), { signal: AbortSignal.abort() });
  expect(result).toEqual({ code: undefined, output: "" });
  expect(() => readFileSync(join(folder, "made"))).toThrow("ENOENT");
});

it("on Windows programs get what none starts without there", () => {
  const env = { Path: "C:\\bin", SystemRoot: "C:\\Windows", TEMP: "C:\\t", GITHUB_TOKEN: "s3cret", Home: undefined };
  expect(plainEnvironment(env, "win32")).toEqual({ Path: "C:\\bin", SystemRoot: "C:\\Windows", TEMP: "C:\\t" });
});
