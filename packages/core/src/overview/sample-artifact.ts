import { identify } from "../artifact/digest.ts";
import { type Artifact, artifactSchemaId, type Image, imageRef } from "../model/artifact.ts";
import type { App } from "../model/pipeline.ts";

/**
 * An artifact that has what the config says every artifact of the app has.
 * @param number makes it unlike those of other numbers
 */
export function sampleOf(app: App, number: number): Artifact {
  const hex = number.toString(16);
  const digest = `sha256:${hex.padStart(64, "0")}`;
  const tag = `0.0.${number}-check`;
  const images = Object.entries(app.images).map(([key, name]): [string, Image] => {
    const image = { name, tag, digest };
    return [key, { ...image, ref: imageRef(image) }];
  });
  return identify({
    schema: artifactSchemaId,
    app: app.name,
    created: "2000-01-01T00:00:00.000Z",
    committedAt: "2000-01-01T00:00:00.000Z",
    version: {
      repositoryName: app.repository ?? app.name,
      sha: hex.padStart(40, "0"),
      branch: "main",
      event: "push",
      // What the source commit always has.
      authorName: "Check",
      authorEmail: "check@example.org",
      committerName: "Check",
      committerEmail: "check@example.org",
      message: "Check",
    },
    images: Object.fromEntries(images),
    context: {},
    environments: [],
    items: [],
    vars: {},
  }).artifact;
}
