import { describe, expect, it } from "vitest";
import type { Artifact } from "../model/artifact.ts";
import { artifactOf, world } from "../test-kit/memory.ts";
import { promote } from "./promote.ts";

const waiting = artifactOf("web", 1);
const { version } = artifactOf("web", 2);
const withMessage = (message: string): Artifact => artifactOf("web", 2, { version: { ...version, message } });

describe("an artifact of a commit that carries Glu-Request", () => {
  it.each([
    [
      "as Glu writes it",
      "Promote web\n\nGlu-Request: r\nGlu-App: web\nGlu-Environment: staging\nGlu-Kind: promotion\n",
    ],
    ["alone", "Promote web\n\nGlu-Request: r\n"],
    ["as a squash merge leaves it", "Merge\n\n* Promote web\n  Glu-Request: r\r\n"],
  ])("%s is promoted by no policy", async (_how, message) => {
    const own = withMessage(message);
    const { ports, ask } = world({ artifacts: [own] });
    const result = await promote(ask({ artifact: own.id }), ports);
    expect(result.decisions).toEqual([]);
    expect(result.passedOver[0]!.reason).toContain("made by Glu");
  });

  it("does not hide the artifact that waits behind it from latest", async () => {
    const { ports, ask } = world({ artifacts: [waiting, withMessage("Promote\n\nGlu-Request: r\n")] });
    const result = await promote(ask(), ports);
    expect(result.decisions).toMatchObject([{ result: "promoted", intent: { artifact: { id: waiting.id } } }]);
  });
});
