import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BareFixture, type BareFixtureOptions, GitServer } from "@glu/testing/internal";

/** What the forge asks for, unlike anything else in a test. */
export const token = "glt-secret-0123456789-abcdef";

/** A forge on loopback: repositories by their full name, behind a token. */
export class Forge implements AsyncDisposable {
  readonly folder: string;
  readonly server: GitServer;
  readonly #repositories: BareFixture[] = [];

  private constructor(folder: string, server: GitServer) {
    this.folder = folder;
    this.server = server;
  }

  static async start(): Promise<Forge> {
    const folder = mkdtempSync(join(tmpdir(), "glu-forge-"));
    return new Forge(folder, await GitServer.start(folder, { token }));
  }

  get origin(): string {
    return this.server.origin;
  }

  /** Makes the repository `owner/name`. */
  add(name: string, options: BareFixtureOptions = {}): BareFixture {
    const made = new BareFixture(options);
    this.#repositories.push(made);
    const link = join(this.folder, `${name}.git`);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(made.path, link);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    for (const repository of this.#repositories) repository[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
