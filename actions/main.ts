import { runRootAction } from "@glu/wiring";

await runRootAction({
  "build-artifact": async () => (await import("@glu/wiring/commands/build-artifact")).runBuildArtifact,
  promote: async () => (await import("@glu/wiring/commands/promote")).runPromote,
  rollback: async () => (await import("@glu/wiring/commands/rollback")).runRollback,
  pin: async () => (await import("@glu/wiring/commands/holds")).runPin,
  unpin: async () => (await import("@glu/wiring/commands/holds")).runUnpin,
  freeze: async () => (await import("@glu/wiring/commands/holds")).runFreeze,
  unfreeze: async () => (await import("@glu/wiring/commands/holds")).runUnfreeze,
  drift: async () => (await import("@glu/wiring/commands/drift")).runDrift,
  "preview-up": async () => (await import("@glu/wiring/commands/preview")).runPreviewUp,
  "preview-down": async () => (await import("@glu/wiring/commands/preview")).runPreviewDown,
});
