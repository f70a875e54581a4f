import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { programInPath } from "../gitea-server/gitea-server.ts";
import type { GithubServer } from "./github-server.ts";

/**
 * GitHub's own command line, which sends all that it asks to a Unix socket (its setting `http_unix_socket`) and takes
 * `github.localhost` for a GitHub that speaks plain HTTP. So it reads the strict GitHub as it reads the real one.
 */
export class GithubCli implements Disposable {
  readonly #folder: string;
  readonly #program: string;
  readonly #token: string;

  private constructor(folder: string, program: string, token: string) {
    this.#folder = folder;
    this.#program = program;
    this.#token = token;
  }

  /** @throws Error where it is not installed */
  static async for(server: GithubServer, token: string): Promise<GithubCli> {
    const program = programInPath("gh");
    const folder = mkdtempSync(join(tmpdir(), "glu-gh-"));
    const socket = join(folder, "socket");
    writeFileSync(join(folder, "config.yml"), `http_unix_socket: ${socket}\n`);
    await server.listenAt(socket);
    return new GithubCli(folder, program, token);
  }

  /** What it prints. @throws Error with what it says, when it ends otherwise than well */
  async run(...args: string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: this.#folder,
      GH_CONFIG_DIR: this.#folder,
      GH_HOST: "github.localhost",
      GH_TOKEN: this.#token,
      GH_NO_UPDATE_NOTIFIER: "1",
    };
    return (await promisify(execFile)(this.#program, args, { env, cwd: this.#folder })).stdout;
  }

  async json(...args: string[]): Promise<unknown> {
    return JSON.parse(await this.run(...args));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
