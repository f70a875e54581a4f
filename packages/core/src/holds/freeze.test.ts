import { describe, expect, it } from "vitest";
import { envName, refName, requestId } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, MemoryRepository, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { freeze, unfreeze } from "./freeze.ts";

const file = "a: 1\ntag: none\n";

/** Two environments, the second in a repository of its own. */
function twoPlaces() {
  const elsewhere = new MemoryRepository({ "apps/web/eu.txt": file });
  const environments = [
    environment("staging", { policy: onMain }),
    environment("eu", { policy: onMain, ref: refName("eu") }),
  ];
  const built = world({
    artifacts: [artifactOf("web", 1)],
    pipeline: pipelineOf(["web"], environments),
    files: { "apps/web/staging.txt": file },
  });
  const ports = {
    ...built.ports,
    repositoryOf: ({ name }: { name: string }) => (name === envName("eu") ? elsewhere : built.repository),
  };
  const asked = { scope: "all", actor: { name: "ada", verified: true }, request: requestId("f-1"), until: undefined };
  return { ...built, ports, elsewhere, asked: { ...asked, reason: "holidays" } };
}

describe("a freeze of all", () => {
  it("holds environments that live in other repositories and branches, too", async () => {
    const { ports, ask, asked } = twoPlaces();
    await freeze(asked, ports);
    const { decisions } = await promote(ask(), ports);
    expect(decisions.map(({ intent, result }) => [intent.environment, result])).toEqual([
      ["staging", "held"],
      ["eu", "held"],
    ]);
  });

  it("is ended everywhere", async () => {
    const { ports, ask, asked } = twoPlaces();
    await freeze(asked, ports);
    expect((await unfreeze(asked, ports)).result).toBe("changed");
    expect((await unfreeze(asked, ports)).result).toBe("unchanged");
    expect((await promote(ask(), ports)).result).toBe("promoted");
  });

  it("that reached some of them only is completed by the next run", async () => {
    const { ports, ask, asked, elsewhere } = twoPlaces();
    elsewhere.beforeCommit = () => Promise.reject(new Error("killed"));
    await expect(freeze(asked, ports)).rejects.toThrow("killed");
    expect((await freeze(asked, ports)).result).toBe("changed");
    expect((await promote(ask(), ports)).result).toBe("held");
    expect((await freeze(asked, ports)).result).toBe("unchanged");
  });
});
