import { describe, expect, it } from "vitest";
import type { Artifact, Manifest } from "../model/artifact.ts";
import { envName } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";

const staging = envName("staging");
const allowed = { manifests: [staging] };

const carrying = (number: number, ...manifests: Partial<Manifest>[]): Artifact =>
  artifactOf("web", number, {
    environments: manifests.map((one) => ({ app: "web", env: "staging", ...one })),
  });

function place(own: Partial<Environment>, more: { manifests?: Environment["name"][] }, artifacts: Artifact[]) {
  const pipeline = pipelineOf(["web"], [environment("staging", own)], more);
  return world({ pipeline, artifacts });
}

const onPush = { policy: { event: "push", branch: "main" } };
const onTag = { policy: { tag: "v*" } };

describe("a manifest's policy", () => {
  it.each([
    ["starts a promotion where it is allowed", {}, allowed, onPush, "promoted"],
    ["starts nothing where it is not", {}, {}, onPush, undefined],
    ["that does not match starts nothing", {}, allowed, onTag, undefined],
    ["holds back what the environment's own would start", { policy: onMain }, allowed, onTag, undefined],
    ["holds back nothing where it is not allowed", { policy: onMain }, {}, onTag, "promoted"],
    ["starts nothing against the environment's own", { policy: [{ branch: ["release"] }] }, allowed, onPush, undefined],
    ["that there is not leaves all to the environment's own", { policy: onMain }, allowed, {}, "promoted"],
    ["that there is not starts nothing", {}, allowed, {}, undefined],
    ["can be GimletD's", {}, allowed, { deploy: { event: "push", branch: "main" } }, "promoted"],
    ["of GimletD excludes as GimletD meant to", {}, allowed, { deploy: { event: "push", branch: "!main" } }, undefined],
    ["starts nothing that is not accepted", { accept: [{ tag: ["v*"] }] }, allowed, onPush, undefined],
  ])("%s", async (_what, own, more, manifest, expected) => {
    const { ask, ports } = place(own, more, [carrying(1, manifest)]);
    const { decisions } = await promote(ask(), ports);
    expect(decisions[0]?.result).toBe(expected);
    const named = place(own, more, [carrying(1, manifest)]);
    const { id } = carrying(1, manifest);
    expect((await promote(named.ask({ artifact: id }), named.ports)).decisions[0]?.result).toBe(expected);
  });
});
