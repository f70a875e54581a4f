import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Lets Node keep what it has compiled of `dist/` from one process to the next: what is tested is the same, and of what a
 * process takes a quarter is compiling. The oldest Node knows no such folder.
 */
export const compileCache: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(tmpdir(), "glu-test-compile-cache"),
};
