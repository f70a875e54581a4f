import {
  buildArtifact,
  drift,
  freeze,
  pin,
  previewDown,
  previewUp,
  promote,
  rollback,
  unfreeze,
  unpin,
} from "@glu/inputs";
import { runRootAction } from "@glu/wiring";

await runRootAction([
  {
    command: buildArtifact,
    load: async () => (await import("@glu/wiring/commands/build-artifact")).runBuildArtifact,
  },
  { command: promote, load: async () => (await import("@glu/wiring/commands/promote")).runPromote },
  { command: rollback, load: async () => (await import("@glu/wiring/commands/rollback")).runRollback },
  { command: pin, load: async () => (await import("@glu/wiring/commands/holds")).runPin },
  { command: unpin, load: async () => (await import("@glu/wiring/commands/holds")).runUnpin },
  { command: freeze, load: async () => (await import("@glu/wiring/commands/holds")).runFreeze },
  { command: unfreeze, load: async () => (await import("@glu/wiring/commands/holds")).runUnfreeze },
  { command: drift, load: async () => (await import("@glu/wiring/commands/drift")).runDrift },
  { command: previewUp, load: async () => (await import("@glu/wiring/commands/preview")).runPreviewUp },
  { command: previewDown, load: async () => (await import("@glu/wiring/commands/preview")).runPreviewDown },
]);
