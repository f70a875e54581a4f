import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TemporaryFolder } from "../measure/temporary.ts";
import { run } from "./cache.ts";

/** A bare repository that begins as another one, and shares its objects: what is pushed into it stays in it. */
export class RepositoryCopy implements Disposable {
  /** The folder that a Git server serves. */
  readonly root: string;
  readonly name = "config.git";
  readonly path: string;
  readonly #folder = new TemporaryFolder("glu-bench-");

  constructor(base: string) {
    this.root = this.#folder.path;
    this.path = join(this.root, this.name);
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

  /** @param stream as git-fast-import(1) reads it */
  import(stream: string): void {
    run(this.path, ["fast-import", "--quiet", "--done"], stream);
  }

  /** A file at the tip of the branch. */
  text(path: string): string {
    return this.git("cat-file", "blob", `main:${path}`);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
