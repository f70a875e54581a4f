import { createHash } from "node:crypto";
import { type Bytes, type ManifestBuild, type ManifestBuilder, oncePer } from "@glu/core";
import type { Surroundings } from "../surroundings.ts";

/**
 * What runs a program of the runner, loaded when one is to be run. What it has made once it does not make again: another
 * attempt to push has mostly the same files.
 */
export function builderOf({ env, temp, redact }: Surroundings): ManifestBuilder {
  const once = oncePer<Bytes>();
  return {
    build: (build) =>
      once(keyOf(build), async () => {
        const { openManifestBuilder } = await import("@glu/outside/builds");
        return openManifestBuilder({ env, temp, redact }).build(build);
      }),
  };
}

function keyOf({ files, run }: ManifestBuild): string {
  const hash = createHash("sha256").update(JSON.stringify(run));
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}
