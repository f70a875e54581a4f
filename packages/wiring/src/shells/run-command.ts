import { createHost, detectHost, type Host, type OutputFormat } from "@glu/hosts";
import { type Command, type InputsOf, type RawInputs, readCliInputs } from "@glu/inputs";
import { refuseSecrets } from "../secrets.ts";
import { forkOutcome } from "./fork.ts";
import { formatOf, outputFormatOf } from "./output-format.ts";
import type { LoadRun } from "./run.ts";
import { askGitAhead, maskTokens, readContext, surround } from "./surround.ts";

/** Runs a command at a terminal or in a GitLab job: flags and variables → use case → text, JSON or Markdown. */
export async function runCommand<C extends Command>(
  command: C,
  given: RawInputs,
  load: LoadRun<InputsOf<C>>,
): Promise<number> {
  const { env, stdout } = process;
  // An invalid format is reported by the inputs below; until then the answer is text.
  const output = formatOf(given.output ?? env.GLU_INPUT_OUTPUT);
  const host = await openHost(output);
  maskTokens(env, host);
  try {
    const inputs = readCliInputs(command, given, env);
    refuseSecrets(command, inputs, host.redact);
    const context = readContext(env);
    await using surroundings = await surround({ env, cwd: process.cwd(), context, host });
    askGitAhead(command, surroundings);
    const run = await load();
    const outcome = await run(inputs, surroundings).catch((error: unknown) => forkOutcome(error, context));
    const { present } = await import("./present.ts");
    await present(
      outcome,
      host,
      {
        color: stdout.isTTY === true && !env.NO_COLOR,
        width: stdout.columns || 120,
      },
      surroundings,
    );
    return outcome.exitCode;
  } catch (error) {
    const { presentFailure } = await import("./present.ts");
    return presentFailure(error, host, output, Object.keys(command.outputs));
  }
}

/** Says what is wrong with a command line that could not be understood; as JSON where the line asks for it. */
export async function presentUsageFailure(error: unknown, argv: readonly string[]): Promise<number> {
  const output = outputFormatOf(argv, process.env);
  const { presentFailure } = await import("./present.ts");
  return presentFailure(error, await openHost(output), output);
}

/** A GitLab job, or a terminal: also where the command runs in a job of another host. */
function openHost(output: OutputFormat): Promise<Host> {
  const { env, stdout, stderr } = process;
  const name = detectHost(env) === "gitlab" ? "gitlab" : "terminal";
  return createHost(name, { env, stdout, stderr, output, now: () => Date.now() });
}
