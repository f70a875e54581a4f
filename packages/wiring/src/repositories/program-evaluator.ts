import type { Functions } from "@glu/core";
import { OutsideError } from "@glu/core";
import type { ConfigFiles, Evaluator } from "@glu/evaluate";

/** Evaluates a config that is a program. Nothing of it is loaded or started unless there is one. */
export class ProgramEvaluator implements Disposable {
  #evaluator: Evaluator | undefined;
  #ended: (() => void) | undefined;

  async evaluate(config: ConfigFiles): Promise<unknown> {
    const { assertNodeEvaluates, Evaluator } = await import("@glu/evaluate");
    const { node: version } = process.versions;
    assertNodeEvaluates(config.entry, version);
    if (this.#evaluator === undefined) {
      const { endWithThisProcess } = await import("@glu/outside/ending");
      const evaluator = new Evaluator({ node: { path: process.execPath, version } });
      // A program that loops would go on in a job that was cancelled: it sees no end of its input.
      this.#ended = endWithThisProcess(() => evaluator[Symbol.dispose]());
      this.#evaluator = evaluator;
    }
    return this.#evaluator.evaluate(config);
  }

  readonly functions: Functions = {
    call: async (reference, context, signal) => {
      if (this.#evaluator !== undefined) return this.#evaluator.call(reference, context, signal);
      throw new OutsideError("function/not-there", `there is no function ${reference.name}: no program was read`, {
        fix: "Let the config be a glu.config.ts.",
      });
    },
  };

  [Symbol.dispose](): void {
    this.#evaluator?.[Symbol.dispose]();
    this.#ended?.();
  }
}
