import { describe, expect, it } from "vitest";
import { pin } from "../holds/pin.ts";
import { requestId } from "../model/names.ts";
import { pinSchema } from "../model/record.ts";
import { promote } from "../promote/promote.ts";
import { bytes, collidingArtifacts, world } from "../test-kit/memory.ts";
import { sameArtifact } from "./digest.ts";
import { compareArtifacts } from "./order.ts";

const [first, second] = collidingArtifacts();

function collision() {
  const made = world({ artifacts: [first] });
  made.ports.readArtifactFile = async () => JSON.stringify(second);
  const ask = (environment: string, artifact: string) => made.ask({ environments: [environment], artifact });
  const go = (environment: string, artifact = "./second.json") => promote(ask(environment, artifact), made.ports);
  return { ...made, go };
}

describe("another artifact of the same id", () => {
  it("is not the same, in no order either", () => {
    expect(second.id).toBe(first.id);
    expect(sameArtifact(first, second)).toBe(false);
    expect(compareArtifacts(first, second)).not.toMatchObject({ by: "digest" });
  });

  it("is refused where the first was released, and is not called unchanged", async () => {
    const { repository, go } = collision();
    await go("staging", first.id);
    expect((await go("staging")).decisions[0]).toMatchObject({
      result: "refused",
      gates: [{ met: false, code: "artifact/id-taken" }],
    });
    expect(repository.text(".glu/web/staging.json")).toContain("8223906");
  });

  it("was not released upstream", async () => {
    const { go } = collision();
    await go("staging", first.id);
    const [decision] = (await go("production")).decisions;
    expect(decision).toMatchObject({ result: "held", reason: "was not released in staging" });
    expect((await go("production", first.id)).result).toBe("promoted");
  });

  it("is refused where the first was rejected", async () => {
    const { repository, go } = collision();
    await go("staging", first.id);
    const record = JSON.parse(repository.text(".glu/web/staging.json")!);
    const actor = { name: "ada", verified: true };
    const rejected = {
      artifact: first.id,
      digest: `sha256:${"0".repeat(64)}`,
      reason: "bad",
      actor,
      at: first.created,
      request: "x",
    };
    const content = bytes(JSON.stringify({ ...record, current: null, rejected: [rejected] }));
    repository.push("Reject", [{ path: ".glu/web/staging.json" as never, content }]);
    expect((await go("staging")).decisions[0]?.gates).toMatchObject([{ code: "artifact/id-taken" }]);
  });

  it("is not what a pin holds, also when the record has forgotten the first", async () => {
    const { repository, ports, go } = collision();
    await go("staging", first.id);
    const hold = { reason: "keep", actor: { name: "ada", verified: true }, request: requestId("p") };
    await pin({ ...hold, app: "web", environment: "staging", artifact: undefined, until: undefined }, ports);
    repository.push("Forget", [{ path: ".glu/web/staging.json" as never, content: undefined }]);
    expect((await go("staging")).decisions[0]?.gates.find(({ met }) => !met)).toMatchObject({ code: "pin/pinned" });
    expect((await go("staging", first.id)).decisions[0]?.gates.find(({ name }) => name === "pin")).toMatchObject({
      met: true,
    });
  });

  it("does not make pins of before unreadable: they have no digest", () => {
    const actor = { name: "ada", verified: false };
    const place = { schema: "glu.pin.v1", app: "web", environment: "staging", artifact: first.id };
    expect(pinSchema.safeParse({ ...place, reason: "x", actor, at: first.created, request: "r" }).success).toBe(true);
  });
});
