import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Seed, treeOf } from "@glu/simulation";
import { processHost } from "./process-host.ts";

/** Settings of the test repositories' own Git: nothing of the machine's configuration. */
export const plainGitEnvironment: Record<string, string> = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Seed",
  GIT_AUTHOR_EMAIL: "seed@test.invalid",
  GIT_COMMITTER_NAME: "Seed",
  GIT_COMMITTER_EMAIL: "seed@test.invalid",
};

export interface BareFixtureOptions {
  seed?: Seed;
  branch?: string;
  sha256?: boolean;
  /** Whether `uploadpack.allowFilter` is on; default true. */
  filters?: boolean;
}

/** Commands that only look: what they print hangs on the refs, and on objects, which never change. */
const looks = new Set([
  "cat-file",
  "diff",
  "for-each-ref",
  "log",
  "ls-tree",
  "merge-base",
  "rev-list",
  "rev-parse",
  "show",
]);

/** A bare repository in a temporary folder, to be asked with real Git. */
export class BareFixture implements Disposable {
  readonly root: string;
  readonly path: string;
  /** What was printed since the refs were last found changed: a process costs more than all that a fake does beside. */
  readonly #printed = new Map<string, string>();
  #refsThen = "";

  constructor(options: BareFixtureOptions = {}) {
    const { seed = {}, branch = "main", sha256 = false, filters = true } = options;
    this.root = mkdtempSync(join(tmpdir(), "glu-test-"));
    this.path = join(this.root, "config.git");
    const format = sha256 ? "--object-format=sha256" : "--object-format=sha1";
    spawnGit(this.root, ["init", "--quiet", "--bare", "--template=", format, `--initial-branch=${branch}`, this.path]);
    appendFileSync(
      join(this.path, "config"),
      `[uploadpack]\n\tallowFilter = ${filters}\n[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n[http]\n\treceivepack = true\n`,
    );
    if (Object.keys(seed).length > 0) this.push(branch, seed, "Begin\n");
  }

  /** Runs git here and gives what it printed, without the last newline. */
  git(...args: string[]): string {
    if (!looks.has(args[0] ?? "")) {
      // It may change more than a ref, such as where HEAD points to.
      this.#printed.clear();
      return this.#run(args);
    }
    const refs = [...this.refs()].join("\n");
    if (refs !== this.#refsThen) this.#printed.clear();
    this.#refsThen = refs;
    const key = args.join("\0");
    const printed = this.#printed.get(key) ?? this.#run(args);
    this.#printed.set(key, printed);
    return printed;
  }

  #run(args: readonly string[]): string {
    return spawnGit(this.path, args).replace(/\n$/, "");
  }

  /** All refs, and what each points to. */
  refs(): ReadonlyMap<string, string> {
    return readRefs(this.path);
  }

  /** What git answers here where it may say no: its exit code, and what it printed or complained of. */
  ask(...args: string[]): { status: number | null; text: string } {
    const { status, stdout, stderr } = processHost().runSync({
      program: "git",
      args,
      cwd: this.path,
      env: plainGitEnvironment,
    });
    return { status, text: (stdout.toString("utf8") || stderr.toString("utf8")).trimEnd() };
  }

  /** Puts files on a branch, as somebody else. */
  push(branch: string, files: Seed, message = "By somebody else\n"): string {
    const ref = `refs/heads/${branch}`;
    const known = this.refs().get(ref);
    const parts: Uint8Array[] = [];
    const add = (text: string | Uint8Array): void => void parts.push(Buffer.from(text as string));
    add(
      `commit ${ref}\ncommitter Seed <seed@test.invalid> 1780000000 +0000\ndata ${Buffer.byteLength(message)}\n${message}`,
    );
    if (known !== undefined) add(`from ${known}\n`);
    for (const [path, { kind, executable, content }] of treeOf(files)) {
      const quoted = JSON.stringify(path);
      if (kind === "submodule") {
        add(`M 160000 ${"1".repeat(this.git("rev-parse", "--show-object-format") === "sha256" ? 64 : 40)} ${quoted}\n`);
        continue;
      }
      add(
        `M ${kind === "symlink" ? "120000" : executable ? "100755" : "100644"} inline ${quoted}\ndata ${content.length}\n`,
      );
      add(content);
      add("\n");
    }
    spawnGit(this.path, ["fast-import", "--quiet"], Buffer.concat(parts));
    const pushed = this.refs().get(ref);
    if (pushed === undefined) throw new Error(`git fast-import has made no ${ref}.`);
    return pushed;
  }

  /** Puts an object under a ref as it is, also one that Git's own commands would not make. */
  write(ref: string, type: "commit" | "tag", content: string): string {
    const args = ["hash-object", "--literally", "-t", type, "-w", "--stdin"];
    const id = spawnGit(this.path, args, content).trim();
    this.git("update-ref", ref, id);
    return id;
  }

  /** Refuses every push with these words, as a server does for a protected branch. */
  protect(words: string): void {
    const script = `#!/bin/sh\ncat >&2 <<'WORDS'\n${words}\nWORDS\nexit 1\n`;
    mkdirSync(join(this.path, "hooks"), { recursive: true });
    writeFileSync(join(this.path, "hooks/pre-receive"), script, { mode: 0o755 });
  }

  /** Takes every push again. */
  unprotect(): void {
    rmSync(join(this.path, "hooks/pre-receive"), { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The refs of a bare repository: read without a process, since a fake forge looks at them with every call. */
export function readRefs(path: string): ReadonlyMap<string, string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return refsNow(path);
    } catch (error) {
      // Removed while they were read, by a process that runs beside: a ref, or the folder that it was the last one in.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 100) throw error;
    }
  }
}

function refsNow(path: string): ReadonlyMap<string, string> {
  const packed = join(path, "packed-refs");
  const lines = existsSync(packed) ? readFileSync(packed, "utf8").match(/^[0-9a-f]+ refs\/.+$/gm) : [];
  const found = new Map((lines ?? []).map((line) => [line.slice(line.indexOf(" ") + 1), line.split(" ")[0] ?? ""]));
  for (const entry of readdirSync(join(path, "refs"), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // Git writes beside the file.
    if (!entry.isFile() || file.endsWith(".lock")) continue;
    found.set(relative(path, file), readFileSync(file, "utf8").trim());
  }
  return found;
}

function spawnGit(cwd: string, args: readonly string[], input: Uint8Array | string = ""): string {
  const { status, stdout, stderr } = processHost().runSync({
    program: "git",
    args,
    cwd,
    env: plainGitEnvironment,
    input,
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.toString("utf8");
}
