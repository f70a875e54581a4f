import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../product/glu-process.ts";

/** Where the death of the process comes, relative to its n-th call of git. */
export type Moment =
  /** Before git runs. */
  | "before"
  /** When git has ended, and before the process knows. */
  | "after"
  /** At once, while git goes on without it, some time later: it may still push after the next run has begun. */
  | "orphan";

/** A `git` on PATH that notes each call and can kill the process that made it. */
export class WrappedGit {
  readonly #folder: string;
  readonly #calls: string;

  constructor(machine: Machine) {
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    this.#folder = join(machine.root, "wrapped");
    this.#calls = join(machine.root, "git-calls");
    mkdirSync(this.#folder);
    const script = `#!/bin/sh
real='${real}'
echo "$1" >> '${this.#calls}'
call=$(wc -l < '${this.#calls}')
if [ "$call" -ne "\${CHAOS_CALL:-0}" ]; then exec "$real" "$@"; fi
case "$CHAOS_MOMENT" in
  before) kill -9 $PPID; exit 1 ;;
  after) "$real" "$@"; kill -9 $PPID; exit 1 ;;
  orphan) kill -9 $PPID; sleep 0.4; exec "$real" "$@" ;;
esac
`;
    writeFileSync(join(this.#folder, "git"), script, { mode: 0o755 });
  }

  /** @param call the first is 1; none: it only notes */
  env(call?: number, moment: Moment = "before"): Record<string, string> {
    writeFileSync(this.#calls, "");
    return {
      PATH: `${this.#folder}:${process.env.PATH ?? ""}`,
      ...(call === undefined ? {} : { CHAOS_CALL: String(call), CHAOS_MOMENT: moment }),
    };
  }

  /** The subcommands that were called since `env`. */
  calls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, "utf8").split("\n").filter(Boolean) : [];
  }
}
