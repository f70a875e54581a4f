import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What must be done however this process ends. */
const atTheEnd = new Set<() => void>();
let listening = false;

/** Does it when this process ends, also by Ctrl-C; gives what takes it back. */
export function atEnd(task: () => void): () => void {
  if (!listening) {
    listening = true;
    process.once("exit", () => {
      for (const one of atTheEnd) one();
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  }
  atTheEnd.add(task);
  return () => void atTheEnd.delete(task);
}

/** A folder for temporary files that does not outlive this process. */
export class TemporaryFolder implements Disposable {
  readonly path: string;
  readonly #forget: () => void;

  constructor(prefix: string, parent = tmpdir()) {
    this.path = mkdtempSync(join(parent, prefix));
    this.#forget = atEnd(() => this.#remove());
  }

  #remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }

  [Symbol.dispose](): void {
    this.#forget();
    this.#remove();
  }
}
