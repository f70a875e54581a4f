import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Answers of a server that has something else to do first. */
const busy = new Set([405, 409, 423, 500, 502, 503]);

/** Somebody of a Gitea, and a token. */
export interface GiteaUser {
  name: string;
  token: string;
}

/** A program that `.ci/run` puts into the PATH. @throws Error that names it */
export function programInPath(name: string): string {
  const found = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  const path = found.find((one) => existsSync(one));
  if (path === undefined) throw new Error(`${name} is not installed: .ci/tools/${name} builds it.`);
  return realpathSync(path);
}

/**
 * A real Gitea on loopback with its data in a temporary folder, and on demand its real runner in host mode. What is
 * asked of it goes over its API and over Git, as users do.
 */
export class GiteaServer implements AsyncDisposable {
  readonly origin: string;
  readonly #root: string;
  readonly #program: string;
  readonly #children: ChildProcess[] = [];
  /** Where it speaks SSH; undefined: it does not. */
  readonly sshPort: number | undefined;

  private constructor(root: string, program: string, { port, sshPort }: { port: number; sshPort: number | undefined }) {
    this.#root = root;
    this.#program = program;
    this.origin = `http://127.0.0.1:${port}`;
    this.sshPort = sshPort;
  }

  /**
   * @param options.ssh whether it speaks SSH, too, by a server of its own
   * @param options.perPage how many its lists give in a page at most; Gitea's own default is 50
   */
  static async start({ ssh = false, perPage }: { ssh?: boolean; perPage?: number } = {}): Promise<GiteaServer> {
    const program = programInPath("gitea");
    const root = mkdtempSync(join(tmpdir(), "glu-gitea-"));
    const ports = { port: await freePort(), sshPort: ssh ? await freePort() : undefined };
    const server = new GiteaServer(root, program, ports);
    writeFileSync(server.#config, configOf({ root, ...ports, perPage, sources: join(dirname(program), "../sources") }));
    try {
      await server.#gitea("migrate");
      server.#spawn(program, ["--config", server.#config, "web"], "gitea.log");
      await server.#answers();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  get apiUrl(): string {
    return `${this.origin}/api/v1`;
  }

  /** The log of the server, and of the runner, for the message of a failed test. */
  log(name: "gitea" | "runner" = "gitea"): string {
    return readFileSync(join(this.#root, `${name}.log`), "utf8");
  }

  /** Makes somebody. @param options.scopes of the token, such as `write:repository,write:issue`; all without it */
  async user(name: string, options: { admin?: boolean; scopes?: string } = {}): Promise<GiteaUser> {
    const password = randomBytes(12).toString("hex");
    const named = ["--username", name];
    const account = ["--password", password, "--email", `${name}@example.org`, "--must-change-password=false"];
    await this.#gitea("admin", "user", "create", ...named, ...account, ...(options.admin ? ["--admin"] : []));
    const scopes = ["--token-name", "glu", "--scopes", options.scopes ?? "all", "--raw"];
    const printed = await this.#gitea("admin", "user", "generate-access-token", ...named, ...scopes);
    return { name, token: tokenIn(printed) };
  }

  /**
   * One call of its API, as people do it: again when it is busy, such as with looking whether a pull request can be merged.
   * @throws Error for an answer that is no success
   */
  async api<T = unknown>(user: GiteaUser, method: string, path: string, body?: unknown): Promise<T> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(`${this.apiUrl}${path}`, {
        method,
        headers: { authorization: `token ${user.token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
      if (tries === 20 || !busy.has(response.status)) {
        throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
      }
      await sleep(250);
    }
  }

  /** A repository of a user with these files on `main`. @returns its URL for Git */
  async repository(user: GiteaUser, name: string, files: Readonly<Record<string, string>>): Promise<string> {
    await this.api(user, "POST", "/user/repos", { name, default_branch: "main" });
    const content = (text: string) => Buffer.from(text).toString("base64");
    const changes = Object.entries(files).map(([path, text]) => ({
      operation: "create",
      path,
      content: content(text),
    }));
    await this.api(user, "POST", `/repos/${user.name}/${name}/contents`, {
      branch: "main",
      message: "Begin",
      files: changes,
    });
    return `${this.origin}/${user.name}/${name}.git`;
  }

  /** Starts the runner, for all repositories, under the label `ubuntu-latest`. */
  async runner(): Promise<void> {
    const program = programInPath("gitea-runner");
    const folder = join(this.#root, "runner");
    mkdirSync(folder);
    const token = tokenIn(await this.#gitea("actions", "generate-runner-token"));
    const to = ["--no-interactive", "--instance", this.origin, "--token", token];
    await run(program, ["register", ...to, "--name", "host", "--labels", "ubuntu-latest:host"], {
      cwd: folder,
      env: this.#env,
    });
    this.#spawn(program, ["daemon"], "runner.log", folder);
  }

  get #config(): string {
    return join(this.#root, "app.ini");
  }

  get #env(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    // Tests run as root in containers; it says so and refuses otherwise.
    return { PATH, HOME: this.#root, TMPDIR: this.#root, GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: "true" };
  }

  async #gitea(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#program, ["--config", this.#config, ...args], { env: this.#env });
    return stdout;
  }

  #spawn(program: string, args: readonly string[], log: string, cwd = this.#root): void {
    const output = openSync(join(this.#root, log), "a");
    this.#children.push(spawn(program, args, { cwd, env: this.#env, stdio: ["ignore", output, output] }));
    closeSync(output);
  }

  async #answers(): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`${this.apiUrl}/version`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`Gitea did not start: ${this.log().slice(-2000)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await Promise.race([ended, sleep(5_000).then(() => child.kill("SIGKILL"))]);
        await ended;
      }),
    );
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The line of what was printed that is a token: what is logged may stand before and behind it. */
function tokenIn(printed: string): string {
  const token = /^[A-Za-z0-9]{40}$/m.exec(printed)?.[0];
  if (token === undefined) throw new Error(`Gitea printed no token: ${printed.slice(0, 500)}`);
  return token;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

/** @param at.sources where templates and translations lie */
interface Place {
  root: string;
  port: number;
  sshPort: number | undefined;
  perPage: number | undefined;
  sources: string;
}

function configOf({ root, port, sshPort, perPage, sources }: Place): string {
  const ssh =
    sshPort === undefined
      ? "DISABLE_SSH = true"
      : `START_SSH_SERVER = true
BUILTIN_SSH_SERVER_USER = git
SSH_LISTEN_HOST = 127.0.0.1
SSH_LISTEN_PORT = ${sshPort}
SSH_PORT = ${sshPort}
SSH_DOMAIN = 127.0.0.1`;
  return `RUN_USER = ${userInfo().username}
RUN_MODE = prod
WORK_PATH = ${root}/work
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${sources}
OFFLINE_MODE = true
${ssh}
[database]
DB_TYPE = sqlite3
PATH = ${root}/gitea.db
SQLITE_JOURNAL_MODE = WAL
SQLITE_TIMEOUT = 30000
[security]
INSTALL_LOCK = true
SECRET_KEY = ${randomBytes(16).toString("hex")}
PASSWORD_HASH_ALGO = pbkdf2$1$8
[repository]
ROOT = ${root}/repositories
DEFAULT_BRANCH = main
[service]
DISABLE_REGISTRATION = true
[actions]
ENABLED = true
[api]
MAX_RESPONSE_ITEMS = ${perPage ?? 50}
[cron]
ENABLED = false
[log]
MODE = console
LEVEL = Warn
`;
}
