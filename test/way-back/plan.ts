import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EnvironmentName } from "./world.ts";

/**
 * What the world says of a version in an environment: it is good, it is broken, it becomes good when it has been asked
 * about once, or nobody answers.
 */
export type Word = "good" | "bad" | "slow" | "silent";

/** What becomes of each release, decided by the seed alone: who makes the gates answer and who audits read the same. */
export class Plan {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * @param number of the version: 1.<number>. The first is good everywhere, so that there is something to go back to; of
   * every fourth app the second fails in staging, so that something goes back for certain.
   */
  wordOf(environment: string, app: string, number: number): Word {
    if (number === 1) return "good";
    if (number === 2 && Number(app.slice(4)) % 4 === 2) return environment === "staging" ? "bad" : "good";
    const text = `${this.#seed} ${environment} ${app} ${number}`;
    const drawn = createHash("sha256").update(text).digest().readUInt32BE() % 100;
    // A program in testing says yes or no.
    if (environment === "testing") return drawn < 25 ? "bad" : "good";
    return drawn < 50 ? "good" : drawn < 80 ? "bad" : drawn < 92 ? "slow" : "silent";
  }

  /** What a program finds in a file of lines of what is broken, `<environment> <app> 1.<number>`. */
  brokenBy(environment: EnvironmentName, apps: readonly string[], numbers: number): string {
    const lines = apps.flatMap((app) =>
      Array.from({ length: numbers }, (_, index) => index + 1)
        .filter((number) => this.wordOf(environment, app, number) === "bad")
        .map((number) => `${environment} ${app} 1.${number};`),
    );
    return `${lines.join("\n")}\n`;
  }
}

/** Answers `/<environment>/<app>/1.<number>` as the plan says. */
export class Health implements AsyncDisposable {
  readonly #server: Server;
  readonly #asked = new Set<string>();

  private constructor(plan: Plan) {
    this.#server = createServer((request, response) => {
      const path = request.url ?? "";
      const [, environment = "", app = "", tag = ""] = path.split("/");
      const word = plan.wordOf(environment, app, Number(tag.slice(2)));
      if (word === "silent") {
        request.socket.destroy();
        return;
      }
      const isGood = word === "good" || (word === "slow" && this.#asked.has(path));
      this.#asked.add(path);
      response.writeHead(isGood ? 200 : 500).end();
    });
  }

  static async start(plan: Plan): Promise<Health> {
    const health = new Health(plan);
    await new Promise<void>((resolve) => health.#server.listen(0, "127.0.0.1", resolve));
    return health;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
