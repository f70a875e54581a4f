import { buildArtifact, drift, promote, rollback } from "@glu/inputs";
import { runRootAction } from "@glu/wiring";

await runRootAction([
  {
    command: buildArtifact,
    load: async () => (await import("@glu/wiring/commands/build-artifact")).runBuildArtifact,
  },
  { command: promote, load: async () => (await import("@glu/wiring/commands/promote")).runPromote },
  { command: rollback, load: async () => (await import("@glu/wiring/commands/rollback")).runRollback },
  { command: drift, load: async () => (await import("@glu/wiring/commands/drift")).runDrift },
]);
