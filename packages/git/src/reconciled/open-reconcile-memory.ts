import type { ReconcileMemory } from "@glu/core";
import type { GitReconcileMemoryOptions } from "./git-reconcile-memory.ts";

/** The memory of reconciliations in a Git repository, loaded by those who reconcile. */
export async function openReconcileMemory(options: GitReconcileMemoryOptions): Promise<ReconcileMemory> {
  const { GitReconcileMemory } = await import("./git-reconcile-memory.ts");
  return new GitReconcileMemory(options);
}
