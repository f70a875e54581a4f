import { artifactStoreContract } from "../contract/artifact-store-contract.ts";
import { MemoryArtifactStore } from "./memory-artifact-store.ts";

artifactStoreContract("memory", async () => {
  const store = new MemoryArtifactStore();
  return {
    open: async () => store,
    tamper: async (app, id, change) => store.tamper(app, id, change),
    fill: async (artifacts) => {
      for (const artifact of artifacts) await store.put(artifact);
    },
    prunes: true,
    [Symbol.asyncDispose]: async () => {},
  };
});
