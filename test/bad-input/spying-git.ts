import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigWorld } from "../product/config-world.ts";

/** The forms in which a token could be found again. */
export function formsOf(token: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const forms = [
    token,
    encodeURIComponent(token),
    encodeURI(token),
    JSON.stringify(token).slice(1, -1),
    base64(token).replace(/=+$/, ""),
    base64(`x-access-token:${token}`).replace(/=+$/, ""),
    base64(`x-access-token:${token}`).slice(-16),
    Buffer.from(token).toString("base64url"),
    Buffer.from(token).toString("hex"),
    token.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    "C4n4ry",
  ];
  return [...new Set(forms)];
}

/**
 * A `git` on PATH that notes its arguments, and after each call looks for the token in every file below a folder: what
 * is there for a moment only is found too.
 */
export class SpyingGit implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "glu-spy-"));
  readonly #at = (name: string) => join(this.#folder, name);

  constructor(watched: string, token: string) {
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    writeFileSync(this.#at("forms"), `${formsOf(token).join("\n")}\n`);
    const script = `#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument" >> '${this.#at("calls")}'; done
'${real}' "$@"
code=$?
grep -rlF -f '${this.#at("forms")}' '${watched}' >> '${this.#at("leaks")}' 2>/dev/null
exit $code
`;
    writeFileSync(this.#at("git"), script, { mode: 0o755 });
  }

  get env(): Record<string, string> {
    return { PATH: `${this.#folder}:${process.env.PATH ?? ""}` };
  }

  /** All arguments of all calls. */
  calls(): string[] {
    return this.#lines("calls");
  }

  /** Arguments and files that held the token. */
  leaks(): string[] {
    const forms = this.#lines("forms");
    return [
      ...this.calls().filter((argument) => forms.some((form) => argument.includes(form))),
      // Where the runner itself puts masks aside there is none; every file counts.
      ...new Set(this.#lines("leaks")),
    ];
  }

  /** All that the repository holds: every object, every ref, its configuration. */
  world(world: ConfigWorld): string {
    const objects = world
      .git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
      .split("\n")
      .filter((line) => /(?:blob|commit)$/.test(line))
      .map((line) => world.git("cat-file", "-p", line.split(" ")[0] ?? ""));
    return [...objects, world.refs(), readFileSync(join(world.path, "config"), "utf8")].join("\n");
  }

  #lines(name: string): string[] {
    return existsSync(this.#at(name)) ? readFileSync(this.#at(name), "utf8").split("\n").filter(Boolean) : [];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
