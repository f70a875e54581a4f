import { expect, it } from "vitest";
import { envName, repoPath } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, environment, pipelineOf, world } from "../test-kit/memory.ts";

const a1 = artifactOf("web", 1);

it("an image whose key every object inherits is undeclared, not a crash", async () => {
  const strange = artifactOf("web", 4, { images: { constructor: { ...a1.images.web! } } });
  const { ports, ask } = world({ artifacts: [strange] });
  const { decisions } = await promote(ask({ artifact: strange.id }), ports);
  expect(decisions[0]).toMatchObject({ result: "refused", reason: expect.stringContaining("constructor") });
});

it("an image in another case than declared is undeclared: it would be written as it came", async () => {
  const { digest } = a1.images.web!;
  const name = "GHCR.io/ACME/Web";
  const strange = artifactOf("web", 4, { images: { web: { name, digest, ref: `${name}@${digest}` } } });
  const { ports, ask } = world({ artifacts: [strange] });
  const { decisions } = await promote(ask({ artifact: strange.id, environments: ["staging"] }), ports);
  expect(decisions[0]).toMatchObject({ result: "refused", reason: expect.stringContaining("ghcr.io/acme/web is") });
});

it("with any of several upstreams, time in the one where it failed is no soak", async () => {
  const upstreams = [envName("blue"), envName("green")];
  const pipeline = pipelineOf(
    ["web"],
    [
      ...upstreams.map((name) => environment(name)),
      environment("production", {
        from: { mode: "any", environments: upstreams },
        gates: [{ name: "soak", options: "1h" }],
      }),
    ],
  );
  const { repository, ports, clock, ask } = world({ pipeline, artifacts: [a1] });
  await promote(ask({ environments: ["blue"], artifact: a1.id }), ports);
  const path = repoPath(".glu/web/blue.json");
  const failed = repository.text(path)!.replace('"state": "committed"', '"state": "failed"');
  repository.push("Verification failed", [{ path, content: bytes(failed) }]);
  clock.time += 2 * 3_600_000;
  await promote(ask({ environments: ["green"], artifact: a1.id }), ports);
  clock.time += 60_000;
  const held = await promote(ask({ environments: ["production"], artifact: a1.id }), ports);
  expect(held.decisions[0]).toMatchObject({ result: "held", reason: "has been upstream for 1m of 1h" });
});
