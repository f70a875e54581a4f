import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./cache.ts";

/** A bare repository that begins as another one, and shares its objects: what is pushed into it stays in it. */
export class RepositoryCopy implements Disposable {
  /** The folder that a Git server serves. */
  readonly root = mkdtempSync(join(tmpdir(), "glu-bench-"));
  readonly name = "config.git";
  readonly path = join(this.root, this.name);

  constructor(base: string) {
    mkdirSync(join(this.path, "objects/info"), { recursive: true });
    mkdirSync(join(this.path, "refs"));
    writeFileSync(join(this.path, "objects/info/alternates"), `${join(base, "objects")}\n`);
    writeFileSync(
      join(this.path, "config"),
      "[core]\n\trepositoryformatversion = 0\n\tbare = true\n[uploadpack]\n\tallowFilter = true\n[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n[http]\n\treceivepack = true\n",
    );
    for (const file of ["HEAD", "packed-refs"]) {
      if (existsSync(join(base, file))) copyFileSync(join(base, file), join(this.path, file));
    }
  }

  git(...args: string[]): string {
    return run(this.path, args);
  }

  /** A file at the tip of the branch. */
  text(path: string): string {
    return this.git("cat-file", "blob", `main:${path}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
