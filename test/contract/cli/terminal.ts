import { expect } from "vitest";
import { image } from "../delivery.ts";
import { Delivery } from "../github/delivery.ts";

/** A person with a clone of the app and a config repository on this machine. */
export class Terminal implements AsyncDisposable {
  readonly delivery: Delivery;

  private constructor(delivery: Delivery) {
    this.delivery = delivery;
  }

  static async start(files: Record<string, string> = {}): Promise<Terminal> {
    return new Terminal(await Delivery.start({ files }));
  }

  /** Runs `glu`; the config repository is given by its variable. */
  glu(...args: string[]) {
    const env = { GLU_INPUT_CONFIG_REPOSITORY: this.delivery.config.path, GIT_AUTHOR_NAME: "Ada" };
    return this.delivery.machine.run("glu.js", args, env);
  }

  /** Runs `glu … -o json`: standard output is one JSON object with `schema` and `result`. */
  async json(...args: string[]): Promise<{ exitCode: number | null; stderr: string; answer: Record<string, unknown> }> {
    const { exitCode, stdout, stderr } = await this.glu(...args, "-o", "json");
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(answer).toMatchObject({ schema: expect.stringMatching(/^glu\./), result: expect.stringMatching(/./) });
    return { exitCode, stderr, answer };
  }

  /** Makes an artifact of `web` from the working copy. */
  async create(version: string, digit: string): Promise<string> {
    const { exitCode, answer, stderr } = await this.json(
      "artifact",
      "create",
      "--app",
      "web",
      "--image",
      image(version, digit),
    );
    expect(exitCode, stderr).toBe(0);
    return answer.id as string;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delivery[Symbol.asyncDispose]();
  }
}
