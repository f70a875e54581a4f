import { MemoryArtifactStore } from "@glu/simulation";
import { artifactStoreContract } from "../contract/artifact-store-contract.ts";

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
