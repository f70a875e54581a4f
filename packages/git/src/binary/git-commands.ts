import { type GluError, type RefName, type Sha, shortRef } from "@glu/core";
import { authorize, currentCredentials, scrubber } from "../process/authorization.ts";
import { gitEnvironment, type Setting } from "../process/environment.ts";
import { type GitResult, runGit } from "../process/run-git.ts";
import { type Location, parseLocation } from "../remote/location.ts";
import type { GitRemoteOptions } from "../remote/remote.ts";
import { type BareRepositories, type ObjectFormat, writeBareRepositories } from "./bare-repository.ts";

/** Which of the private repositories a command runs in. */
export type Where = "fetch" | "work" | "history";

export interface CommandOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  settings?: readonly Setting[];
  /** Milliseconds. */
  timeout?: number;
}

/** Settings of every command: no hooks of the user's, no submodules, no waiting for a dead server. */
const always: readonly Setting[] = [
  ["core.hooksPath", "/dev/null"],
  ["i18n.commitEncoding", "UTF-8"],
  ["submodule.recurse", "false"],
  ["protocol.version", "2"],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "60"],
];

/** A slow line may take its time; a dead HTTP server is noticed by `http.lowSpeedTime`. */
const onlineTimeout = 600_000;

/** Arguments of every fetch: nothing that is not asked for, and no work in the background. */
export const quietly: readonly string[] = [
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
];

/** Git commands in the private repositories of one remote. The token goes only to commands that talk to the server. */
export class GitCommands {
  readonly options: GitRemoteOptions;
  readonly location: Location;
  readonly #scrub: (text: string) => string;
  #at: BareRepositories;
  #format: ObjectFormat = "sha1";
  #network = 0;
  #trusted: Promise<Record<string, string>> | undefined;

  private constructor(options: GitRemoteOptions, location: Location, at: BareRepositories) {
    this.options = options;
    this.location = location;
    this.#at = at;
    this.#scrub = scrubber(options.credentials);
  }

  static async prepare(options: GitRemoteOptions): Promise<GitCommands> {
    const location = parseLocation(options.location, options.cwd ?? ".");
    return new GitCommands(
      options,
      location,
      await writeBareRepositories({ temp: options.temp }, location.url, "sha1"),
    );
  }

  get at(): BareRepositories {
    return this.#at;
  }

  /** Milliseconds of commands that talk to the server. */
  get networkMilliseconds(): number {
    return this.#network;
  }

  /** Begins again, empty, when an id of the server is of another length than ids here; tells whether it was. */
  async useFormatOf(id: Sha): Promise<boolean> {
    const format: ObjectFormat = id.length === 64 ? "sha256" : "sha1";
    if (format === this.#format) return false;
    this.#format = format;
    this.#at = await writeBareRepositories({ root: this.#at.root }, this.location.url, format);
    return true;
  }

  /** Runs a command; its failure is a result. */
  run(where: Where, args: readonly string[], options: CommandOptions = {}): Promise<GitResult> {
    return runGit(args, {
      cwd: this.#at.root,
      env: {
        ...gitEnvironment(this.options.env, [...always, ...(options.settings ?? [])]),
        ...options.env,
        GIT_DIR: this.#at[where],
      },
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      scrub: this.#scrub,
    });
  }

  /** Runs a command that can only fail by a bug or a broken machine, and gives what it printed. */
  async output(where: Where, args: readonly string[], options: CommandOptions = {}): Promise<Buffer> {
    const { code, stdout, stderr } = await this.run(where, args, options);
    if (code !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
    return stdout;
  }

  /** Runs a command that talks to the server. */
  async online(where: Where, args: readonly string[], options: CommandOptions = {}): Promise<GitResult> {
    const { credentials } = this.options;
    const authorized = credentials !== undefined && credentials.token !== "" && this.location.kind === "http";
    const shown = authorized ? authorize(this.location.url, await currentCredentials(credentials)) : [];
    const settings = [...(options.settings ?? []), ...shown];
    const started = performance.now();
    try {
      const env = { ...(await this.#authorities()), ...options.env };
      return await this.run(where, args, { timeout: onlineTimeout, ...options, env, settings });
    } finally {
      this.#network += performance.now() - started;
    }
  }

  async #trust(): Promise<Record<string, string>> {
    if (!this.options.env.NODE_EXTRA_CA_CERTS || !this.location.url.startsWith("https:")) return {};
    const { trustedByGit } = await import("../process/authorities.ts");
    return trustedByGit(this.#at.root, this.options);
  }

  #authorities(): Promise<Record<string, string>> {
    this.#trusted ??= this.#trust();
    return this.#trusted;
  }

  /**
   * What the ref points to on the server now; undefined when there is no such ref.
   * @throws GluError `repository/…`
   */
  async readRef(ref: RefName): Promise<Sha | undefined> {
    return (await this.readRefs([ref])).get(ref);
  }

  /** Those of the refs that are on the server now, with what they point to. `HEAD` is one, too. */
  async readRefs(refs: readonly [RefName, ...string[]]): Promise<ReadonlyMap<string, Sha>> {
    const listed = await this.online("work", ["ls-remote", "--quiet", "--", this.location.url, ...refs]);
    if (listed.code !== 0) throw await this.failure(listed, refs[0], "reading");
    const lines = listed.stdout.toString("utf8").split("\n");
    const asked = new Set<string>(refs);
    // A pattern also matches the ends of longer names.
    return new Map(
      lines.flatMap((line) => {
        const [id = "", name = ""] = line.split("\t");
        return asked.has(name) ? [[name, id as Sha] as const] : [];
      }),
    );
  }

  /** What a failed command means. What knows that is loaded when one has failed. */
  async failure(result: GitResult, ref: RefName, doing: "reading" | "writing", status?: string): Promise<GluError> {
    const { explainFailure } = await import("../remote/failure.ts");
    return explainFailure({
      stderr: result.stderr,
      ...(status === undefined ? {} : { status }),
      writing: doing === "writing",
      location: this.location.url,
      branch: shortRef(ref),
    });
  }
}
