import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** The root of this repository. */
export const root: string = join(import.meta.dirname, "../..");

/**
 * A folder of its own for one test, and an environment in which nothing of this machine is left but the PATH, behind programs of its own. Node
 * comes from the project's own tools, so that actions run on the Node that `node24` promises.
 */
export class Sandbox implements Disposable {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "glu-e2e-")));

  /** Makes a folder in the sandbox and gives its path. */
  makeFolder(...names: string[]): string {
    const path = join(this.folder, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Puts a program in front of all others of its name. */
  addProgram(path: string): void {
    symlinkSync(path, join(this.makeFolder("bin"), basename(path)));
  }

  get environment(): Record<string, string> {
    return {
      PATH: `${this.makeFolder("bin")}:${join(root, "node_modules/.bin")}:${process.env.PATH}`,
      HOME: this.makeFolder("home"),
      LANG: "C.UTF-8",
      TZ: "UTC",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.org",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.org",
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
