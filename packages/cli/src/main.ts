import type { Outcome, Surroundings } from "@glu/wiring";
import { outliveClosedPipe } from "./closed-pipe.ts";
import { missingCommand, readCommandLine } from "./program.ts";

type Run = (inputs: never, surroundings: Surroundings) => Promise<Outcome>;

/** What runs each command, by its name. Loaded when a command is known: help and mistakes need none of it. */
async function runOf(name: string): Promise<Run> {
  const wiring = await import("@glu/wiring");
  const runs: Record<string, unknown> = {
    validate: wiring.runValidate,
    "build-artifact": wiring.runBuildArtifact,
    "artifact-add": wiring.runArtifactAdd,
    "artifact-import": wiring.runArtifactImport,
    "artifact-show": wiring.runArtifactShow,
    "artifact-list": wiring.runArtifactList,
    plan: wiring.runPlan,
    promote: wiring.runPromote,
    status: wiring.runStatus,
    history: wiring.runHistory,
    pin: wiring.runPin,
    unpin: wiring.runUnpin,
    freeze: wiring.runFreeze,
    unfreeze: wiring.runUnfreeze,
    doctor: wiring.runDoctor,
    version: wiring.runVersion,
    demo: (await import("./demo/demo.ts")).runDemo,
  };
  const run = runs[name];
  if (run === undefined) throw new Error(`nothing runs ${name}`);
  return run as Run;
}

/** The `glu` command. Sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) outliveClosedPipe(stream);
  const { outputFormatOf, presentUsageFailure, runCommand } = await import("@glu/wiring");
  try {
    const invocation = readCommandLine(argv);
    if (invocation.kind === "text") {
      // Help that nobody asked for is for people; a program gets an error that it can read.
      if (invocation.exitCode !== 0 && outputFormatOf(argv, process.env) === "json") throw missingCommand();
      process.stdout.write(invocation.text);
      process.exitCode = invocation.exitCode;
      return;
    }
    const { definition, raw } = invocation;
    process.exitCode = await runCommand(definition, raw, (await runOf(definition.name)) as never);
  } catch (error) {
    process.exitCode = await presentUsageFailure(error, argv);
  }
}
