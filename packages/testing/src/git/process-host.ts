import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** A program to run, and the bytes for its standard input. */
export interface HostedRun {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  input?: Uint8Array | string;
}

export interface HostedResult {
  /** Null when a signal ended it. */
  status: number | null;
  stdout: Buffer;
  stderr: Buffer;
}

/** What the host says of a run that is given as it comes: a part of its output, its end, or why it did not begin. */
type Said = { id: number; chunk: Uint8Array } | { id: number; end: true } | { id: number; failed: string };

/**
 * Runs programs from a small process. A process that begins another is copied first, page by page: from a worker that
 * holds the modules of a hundred tests this takes several times as long as from one that holds nothing.
 */
class ProcessHost {
  readonly #child: ChildProcess;
  readonly #to: number;
  readonly #from: number;
  readonly #runs = new Map<number, (said: Said) => void>();
  #last = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "glu-host-"));
    // Named pipes, unlike those of a child, can be waited for without giving the loop a turn.
    const [to, from] = [join(folder, "to"), join(folder, "from")];
    if (spawnSync("mkfifo", [to, from]).status !== 0) throw new Error("mkfifo makes no pipes here.");
    this.#child = spawn(process.execPath, ["--eval", `(${host})()`, to, from], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      serialization: "advanced",
    });
    this.#child.on("message", (said: Said) => this.#runs.get(said.id)?.(said));
    this.#child.on("exit", () => {
      for (const [id, tell] of this.#runs) tell({ id, failed: "The process that runs programs for tests has ended." });
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#to = openSync(to, "w");
    this.#from = openSync(from, "r");
    rmSync(folder, { recursive: true });
  }

  /** Runs it to its end, and waits. @throws Error where it cannot be begun */
  runSync(run: HostedRun): HostedResult {
    const request = serialize({ ...run, args: [...run.args] });
    writeAll(this.#to, Buffer.concat([lengthOf(request), request]));
    const answer = deserialize(readAll(this.#from, readAll(this.#from, 4).readUInt32BE())) as
      | HostedResult
      | { failed: string };
    if ("failed" in answer) throw new Error(answer.failed);
    return { status: answer.status, stdout: bufferOf(answer.stdout), stderr: bufferOf(answer.stderr) };
  }

  /** Gives what it prints as it comes. */
  async *run(run: HostedRun): AsyncGenerator<Buffer> {
    const id = ++this.#last;
    const said: Said[] = [];
    let more = (): void => {};
    this.#runs.set(id, (one) => {
      said.push(one);
      more();
    });
    try {
      this.#child.send({ ...run, args: [...run.args], id });
      for (;;) {
        const next = said.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            more = resolve;
          });
        } else if ("failed" in next) throw new Error(next.failed);
        else if ("end" in next) return;
        else yield bufferOf(next.chunk);
      }
    } finally {
      this.#runs.delete(id);
    }
  }
}

let theOne: ProcessHost | undefined;

/** The host of this process, begun when it is first asked for; it ends with it. */
export function processHost(): ProcessHost {
  theOne ??= new ProcessHost();
  return theOne;
}

/**
 * The program of the host. It is handed over as text, so that it runs from sources and from a build alike, on every Node:
 * it knows nothing of this module.
 */
function host(): void {
  const { spawn: begin, spawnSync: beginSync } = process.getBuiltinModule("node:child_process");
  const { createReadStream, openSync: open, writeSync: write } = process.getBuiltinModule("node:fs");
  const v8 = process.getBuiltinModule("node:v8");
  const [toHere = "", fromHere = ""] = process.argv.slice(1);

  const answer = (request: Buffer): Buffer => {
    const { program, args, cwd, env, input } = v8.deserialize(request) as HostedRun;
    const { error, status, stdout, stderr } = beginSync(program, args, { cwd, env, input, maxBuffer: 1 << 28 });
    // One that ends before it has read its input is an error to Node, but no failure.
    return v8.serialize(error && status === null ? { failed: String(error) } : { status, stdout, stderr });
  };

  let received = Buffer.alloc(0);
  // The other side has opened this one first, so its end is there when that one is opened.
  const requests = createReadStream(toHere);
  let out = -1;
  requests.on("open", () => {
    out = open(fromHere, "w");
  });
  requests.on("data", (part) => {
    received = Buffer.concat([received, part as Buffer]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE()) {
      const end = 4 + received.readUInt32BE();
      const body = answer(received.subarray(4, end));
      received = received.subarray(end);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      for (const bytes of [length, body]) for (let at = 0; at < bytes.length; ) at += write(out, bytes, at);
    }
  });

  process.on("message", ({ id, program, args, cwd, env, input }: HostedRun & { id: number }) => {
    const tell = (said: object) => process.connected && process.send?.({ id, ...said });
    const child = begin(program, args, { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    child.on("error", (error) => tell({ failed: String(error) }));
    child.stdout.on("data", (chunk: Buffer) => tell({ chunk }));
    child.on("close", () => tell({ end: true }));
    // It may end before it has read its input.
    child.stdin.on("error", () => child.stdin.destroy());
    child.stdin.end(input ?? "");
  });
  process.on("disconnect", () => process.exit());
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

function writeAll(to: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at);
}

function readAll(from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(from, bytes, at, length - at, null);
    if (count === 0) throw new Error("The process that runs programs for tests has ended.");
    at += count;
  }
  return bytes;
}
