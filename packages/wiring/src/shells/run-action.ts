import { createHost, type Host } from "@glu/hosts";
import {
  type Command,
  type InputsOf,
  type RootActionName,
  readActionInputs,
  readRootCommand,
  rootActionName,
  withoutEmptyInputs,
} from "@glu/inputs";
import { refuseSecrets } from "../secrets.ts";
import type { Env } from "../surroundings.ts";
import { forkOutcome } from "./fork.ts";
import type { LoadRun } from "./run.ts";
import { askGitAhead, maskTokens, readContext, surround } from "./surround.ts";

/** Runs a command as an action: inputs from the runner → use case → outputs and summary. Sets the exit code. */
export async function runAction<C extends Command>(command: C, load: LoadRun<InputsOf<C>>): Promise<void> {
  const host = await openHost();
  try {
    process.exitCode = await act(command, load, host, process.env);
  } catch (error) {
    process.exitCode = await fail(error, host);
  }
}

/** The root action: its input `command` names which of the actions it is. @param loads what runs each of them */
export async function runRootAction(loads: Readonly<Record<RootActionName, LoadRun>>): Promise<void> {
  const host = await openHost();
  try {
    const name = rootActionName(process.env);
    const command = await readRootCommand(process.env, name);
    process.exitCode = await act(
      command,
      loads[name] as LoadRun<InputsOf<Command>>,
      host,
      withoutEmptyInputs(process.env),
    );
  } catch (error) {
    process.exitCode = await fail(error, host);
  }
}

async function openHost(): Promise<Host> {
  const { env, stdout, stderr } = process;
  const name = env.GITEA_ACTIONS === "true" || env.FORGEJO_ACTIONS === "true" ? "gitea" : "github";
  const host = await createHost(name, { env, stdout, stderr, now: () => Date.now() });
  maskTokens(env, host);
  return host;
}

async function act<C extends Command>(command: C, load: LoadRun<InputsOf<C>>, host: Host, env: Env): Promise<number> {
  const inputs = readActionInputs(command, env);
  refuseSecrets(command, inputs, host.redact);
  const context = readContext(env, { matrix: env.INPUT_MATRIX });
  await using surroundings = await surround({ env, cwd: env.GITHUB_WORKSPACE || process.cwd(), context, host });
  askGitAhead(command, surroundings);
  const run = await load();
  const outcome = await run(inputs, surroundings).catch((error: unknown) => forkOutcome(error, context));
  const { present } = await import("./present.ts");
  await present(outcome, host, { color: false, width: 120 }, surroundings);
  return outcome.exitCode;
}

async function fail(error: unknown, host: Host): Promise<number> {
  const { presentFailure } = await import("./present.ts");
  return presentFailure(error, host);
}
