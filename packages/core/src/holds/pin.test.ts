import { describe, expect, it } from "vitest";
import { digestOf } from "../artifact/digest.ts";
import { requestId } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, world } from "../test-kit/memory.ts";
import { pin, unpin } from "./pin.ts";

const [a1, a2] = [artifactOf("web", 1), artifactOf("web", 2)];
const asked = {
  app: "web",
  environment: "staging",
  artifact: undefined,
  until: undefined,
  reason: "incident",
  actor: { name: "ada", verified: true },
  request: requestId("p-1"),
};

describe("a pin", () => {
  it.each([
    ["nothing", undefined, a2.id],
    ["its id", a1.id, a1.id],
    ["its digest", digestOf(a1), a1.id],
  ])("by %s holds at an artifact that was released there", async (_by, artifact, held) => {
    const { ports, ask } = world({ artifacts: [a1, a2] });
    await promote(ask({ artifact: a1.id }), ports);
    await promote(ask({ artifact: a2.id }), ports);
    expect(await pin({ ...asked, artifact }, ports)).toMatchObject({ result: "changed", document: { artifact: held } });
  });

  it.each([
    [undefined, "Nothing is released of web in staging."],
    [a2.id, `${a2.id} was not released of web in staging.`],
  ])("at %j, which was not released there, is refused", async (artifact, message) => {
    const { ports, repository } = world({ artifacts: [a1, a2] });
    await expect(pin({ ...asked, artifact }, ports)).rejects.toMatchObject({ code: "pin/not-released", message });
    expect(repository.commits).toHaveLength(1);
  });

  it("that was asked for with the same id before is not made again after it was lifted", async () => {
    const { ports, ask, repository } = world({ artifacts: [a1] });
    await promote(ask(), ports);
    const first = await pin({ ...asked, repeatable: true }, ports);
    await unpin({ ...asked, request: requestId("u-1") }, ports);
    const tip = repository.commits.length;
    expect(await pin({ ...asked, repeatable: true }, ports)).toMatchObject({ result: "changed", commit: first.commit });
    expect(repository.commits).toHaveLength(tip);
    expect(await pin({ ...asked, request: requestId("p-2"), repeatable: true }, ports)).toMatchObject({
      result: "changed",
    });
    expect(repository.commits).toHaveLength(tip + 1);
  });
});
