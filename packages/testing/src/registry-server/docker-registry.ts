import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A real registry, the reference implementation as Debian packages it, on loopback and with a folder of its own.
 */
export class DockerRegistry implements AsyncDisposable {
  /** Host and port, which images' names begin with. */
  readonly host: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(host: string, child: ChildProcess, folder: string) {
    this.host = host;
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * @param auth the `auth:` block of its configuration; none: it is open to all
   * @throws when it cannot be started: a tool that is missing fails its suite, and says how to get it
   */
  static async start(auth = ""): Promise<DockerRegistry> {
    const folder = mkdtempSync(join(tmpdir(), "glu-docker-registry-"));
    const host = `127.0.0.1:${await freePort()}`;
    const config = join(folder, "config.yml");
    writeFileSync(
      config,
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${join(folder, "data")}}}\n` +
        `http: {addr: "${host}", secret: s}\n${auth}`,
    );
    const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    const failed = new Promise<Error>((resolve) => child.once("error", resolve));
    const registry = new DockerRegistry(host, child, folder);
    for (let tries = 0; tries < 200; tries++) {
      const up = await fetch(`http://${host}/v2/`).catch(() => undefined);
      if (up !== undefined) return registry;
      const cause = await Promise.race([failed, sleep(50)]);
      if (cause instanceof Error) throw new Error("docker-registry cannot be started; .ci/run installs it.", { cause });
    }
    await registry[Symbol.asyncDispose]();
    throw new Error(`docker-registry did not answer at ${host}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.kill()) await new Promise((end) => this.#child.once("exit", end));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
