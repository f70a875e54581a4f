import type { Artifact } from "@glu/core";
import { expect, it } from "vitest";
import { versionOf } from "./version.ts";

const sha = `6cbffb1${"0".repeat(33)}`;
const tagged = (tag: string, more: Partial<Artifact["version"]> = {}) =>
  ({
    images: { web: { name: "ghcr.io/acme/web", tag }, worker: { name: "ghcr.io/acme/worker", tag } },
    version: { repositoryName: "acme/web", event: "push", branch: "main", sha, ...more },
  }) as unknown as Artifact;

it.each<[string, Artifact, string]>([
  ["its Git tag", tagged("1.2.3-amd64", { tag: "v1.2.3" }), "v1.2.3"],
  ["the tag of its images", tagged("main-17"), "main-17"],
  ["its short commit, where that is the tag", tagged(`sha-${sha}`), "6cbffb1"],
  ["a tag that moves with its branch together with the commit", tagged("main"), "main@6cbffb1"],
])("people call an artifact by %s", (_, artifact, name) => {
  expect(versionOf(artifact)).toBe(name);
});
