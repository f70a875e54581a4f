import { type Command, type InputsOf, loadCommand, loadCommands } from "@glu/inputs";
import { type LoadRun, outputFormatOf, presentUsageFailure, runCommand } from "@glu/wiring";
import { outliveClosedPipe } from "./closed-pipe.ts";
import { missingCommand, readCommandLine, spelledOut } from "./program.ts";

type PreviewRun = keyof typeof import("@glu/wiring/commands/preview");
const preview = (name: PreviewRun) => async () => (await import("@glu/wiring/commands/preview"))[name];

/** What runs each command, by its name. Each is loaded when it is run: a command costs its own code only. */
const runs: Readonly<Record<string, LoadRun>> = {
  validate: async () => (await import("@glu/wiring/commands/validate")).runValidate,
  "config-print": async () => (await import("@glu/wiring/commands/config-print")).runConfigPrint,
  "config-types": async () => (await import("@glu/wiring/commands/config-types")).runConfigTypes,
  "build-artifact": async () => (await import("@glu/wiring/commands/build-artifact")).runBuildArtifact,
  "artifact-add": async () => (await import("@glu/wiring/commands/artifact-add")).runArtifactAdd,
  "artifact-import": async () => (await import("@glu/wiring/commands/artifact-import")).runArtifactImport,
  "artifact-show": async () => (await import("@glu/wiring/commands/artifact-show")).runArtifactShow,
  "artifact-list": async () => (await import("@glu/wiring/commands/artifact-list")).runArtifactList,
  discover: async () => (await import("@glu/wiring/commands/discover")).runDiscover,
  plan: async () => (await import("@glu/wiring/commands/promote")).runPlan,
  simulate: async () => (await import("@glu/wiring/commands/simulate")).runSimulate,
  promote: async () => (await import("@glu/wiring/commands/promote")).runPromote,
  rollback: async () => (await import("@glu/wiring/commands/rollback")).runRollback,
  explain: async () => (await import("@glu/wiring/commands/explain")).runExplain,
  graph: async () => (await import("@glu/wiring/commands/overview")).runGraph,
  reconcile: async () => (await import("@glu/wiring/commands/reconcile")).runReconcile,
  status: async () => (await import("@glu/wiring/commands/overview")).runStatus,
  history: async () => (await import("@glu/wiring/commands/overview")).runHistory,
  diff: async () => (await import("@glu/wiring/commands/diff")).runDiff,
  adopt: async () => (await import("@glu/wiring/commands/adopt")).runAdopt,
  drift: async () => (await import("@glu/wiring/commands/drift")).runDrift,
  pin: async () => (await import("@glu/wiring/commands/holds")).runPin,
  unpin: async () => (await import("@glu/wiring/commands/holds")).runUnpin,
  freeze: async () => (await import("@glu/wiring/commands/holds")).runFreeze,
  unfreeze: async () => (await import("@glu/wiring/commands/holds")).runUnfreeze,
  remove: async () => (await import("@glu/wiring/commands/remove")).runRemove,
  "preview-up": preview("runPreviewUp"),
  "preview-down": preview("runPreviewDown"),
  "preview-list": preview("runPreviewList"),
  "preview-extend": preview("runPreviewExtend"),
  "preview-sweep": preview("runPreviewSweep"),
  doctor: async () => (await import("@glu/wiring/commands/doctor")).runDoctor,
  version: async () => (await import("@glu/wiring/commands/version")).runVersion,
  demo: async () => (await import("./demo/demo.ts")).runDemo,
};

function runOf({ name }: Command): LoadRun<InputsOf<Command>> {
  const run = runs[name];
  if (run === undefined) throw new Error(`nothing runs ${name}`);
  return run as LoadRun<InputsOf<Command>>;
}

/** The command that a line names. */
async function commandsFor(words: readonly string[]): Promise<readonly Command[]> {
  const named = await loadCommand(words);
  return named === undefined ? [] : [named];
}

/** The `glu` command. Sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) outliveClosedPipe(stream);
  try {
    const invocation = readCommandLine(argv, await commandsFor(spelledOut(argv)));
    if (invocation.kind === "text") {
      // Help that nobody asked for is for people; a program gets an error that it can read.
      if (invocation.exitCode !== 0 && outputFormatOf(argv, process.env) === "json") throw missingCommand();
      process.stdout.write(invocation.text);
      process.exitCode = invocation.exitCode;
      return;
    }
    if (invocation.kind === "completion") {
      const { completionScript } = await import("./completion.ts");
      process.stdout.write(completionScript(invocation.shell, await loadCommands()));
      return;
    }
    const { definition, raw } = invocation;
    process.exitCode = await runCommand(definition, raw, runOf(definition));
  } catch (error) {
    process.exitCode = await presentUsageFailure(error, argv);
  }
}
