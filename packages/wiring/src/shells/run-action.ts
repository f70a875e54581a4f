import { createHost } from "@glu/hosts";
import { type Command, type InputsOf, readActionInputs } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { present, presentFailure } from "./present.ts";
import { maskTokens, readContext, surround } from "./surround.ts";

/** Runs a command as an action: inputs from the runner → use case → outputs and summary. Sets the exit code. */
export async function runAction<C extends Command>(
  command: C,
  run: (inputs: InputsOf<C>, surroundings: Surroundings) => Promise<Outcome>,
): Promise<void> {
  const { env, stdout, stderr } = process;
  const hostName = env.GITEA_ACTIONS === "true" || env.FORGEJO_ACTIONS === "true" ? "gitea" : "github";
  const host = await createHost(hostName, { env, stdout, stderr, now: () => Date.now() });
  maskTokens(env, host);
  try {
    const inputs = readActionInputs(command, env);
    const context = readContext(env, { matrix: env.INPUT_MATRIX });
    await using surroundings = await surround({ env, cwd: env.GITHUB_WORKSPACE || process.cwd(), context, host });
    const outcome = await run(inputs, surroundings);
    await present(outcome, host, { color: false, width: 120 });
    process.exitCode = outcome.exitCode;
  } catch (error) {
    process.exitCode = await presentFailure(error, host);
  }
}
