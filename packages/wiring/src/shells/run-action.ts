import { createHost, type Host } from "@glu/hosts";
import { type Command, type InputsOf, readActionInputs, readRootCommand, withoutEmptyInputs } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { refuseSecrets } from "../secrets.ts";
import type { Env, Surroundings } from "../surroundings.ts";
import { forkOutcome } from "./fork.ts";
import { present, presentFailure } from "./present.ts";
import { maskTokens, readContext, surround } from "./surround.ts";

type Run<C extends Command> = (inputs: InputsOf<C>, surroundings: Surroundings) => Promise<Outcome>;

/** Runs a command as an action: inputs from the runner → use case → outputs and summary. Sets the exit code. */
export async function runAction<C extends Command>(command: C, run: Run<C>): Promise<void> {
  const host = await openHost();
  try {
    process.exitCode = await act(command, run, host, process.env);
  } catch (error) {
    process.exitCode = await presentFailure(error, host);
  }
}

/** The root action: its input `command` names which of the actions it is. */
export async function runRootAction(actions: readonly { command: Command; run: unknown }[]): Promise<void> {
  const host = await openHost();
  try {
    const { name } = readRootCommand(process.env);
    const action = actions.find(({ command }) => command.name === name);
    if (action === undefined) throw new Error(`the root action does not know ${name}`);
    process.exitCode = await act(action.command, action.run as Run<Command>, host, withoutEmptyInputs(process.env));
  } catch (error) {
    process.exitCode = await presentFailure(error, host);
  }
}

async function openHost(): Promise<Host> {
  const { env, stdout, stderr } = process;
  const name = env.GITEA_ACTIONS === "true" || env.FORGEJO_ACTIONS === "true" ? "gitea" : "github";
  const host = await createHost(name, { env, stdout, stderr, now: () => Date.now() });
  maskTokens(env, host);
  return host;
}

async function act<C extends Command>(command: C, run: Run<C>, host: Host, env: Env): Promise<number> {
  const inputs = readActionInputs(command, env);
  refuseSecrets(command, inputs, host.redact);
  const context = readContext(env, { matrix: env.INPUT_MATRIX });
  await using surroundings = await surround({ env, cwd: env.GITHUB_WORKSPACE || process.cwd(), context, host });
  const outcome = await run(inputs, surroundings).catch((error: unknown) => forkOutcome(error, context));
  await present(outcome, host, { color: false, width: 120 });
  return outcome.exitCode;
}
