import { identify } from "../artifact/digest.ts";
import { type EditTools, prepareEdits, renderWrites } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayOf } from "../edit/overlay.ts";
import { UserError } from "../errors.ts";
import { type Artifact, artifactSchemaId, type Image, imageRef } from "../model/artifact.ts";
import { type AppName, type EnvName, requestId } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { emptyRecord } from "../model/record.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { TipReader } from "../state/tip-reader.ts";

/** A declared place that a promotion could not write to, or (`note`) that only an artifact can tell. */
export interface WriteFinding {
  level: "error" | "note";
  app: AppName;
  environment: EnvName;
  code: string;
  message: string;
  path: string | undefined;
  line: number | undefined;
  fix: string | undefined;
}

/**
 * Tries every `write` of every app in every environment on the files as they are, with an artifact made up from the
 * declared images. What needs more of an artifact (its `vars`) cannot be known here and is noted.
 */
export async function checkWrites(
  pipeline: Pipeline,
  tip: Pick<Snapshot, "read" | "list">,
  tools: Omit<EditTools, "configFile">,
): Promise<WriteFinding[]> {
  const findings: WriteFinding[] = [];
  const reader = new TipReader(tip);
  for (const app of pipeline.apps.values()) {
    for (const name of app.environments) {
      const environment = pipeline.environments.get(name);
      if (environment === undefined || environment.repository !== undefined || environment.ref !== undefined) continue;
      const finding = await checkPlace(app, environment, reader, { ...tools, configFile: pipeline.file });
      if (finding !== undefined) findings.push({ app: app.name, environment: name, ...finding });
    }
  }
  return findings;
}

type PlaceFinding = Omit<WriteFinding, "app" | "environment">;

async function checkPlace(
  app: App,
  environment: Environment,
  tip: TipReader,
  tools: EditTools,
): Promise<PlaceFinding | undefined> {
  const intent = {
    app: app.name,
    environment: environment.name,
    artifact: sampleOf(app),
    explicit: true,
    request: requestId("check"),
  };
  try {
    const writes = renderWrites(intent, app, environment, tools);
    await tip.load(writes.flatMap(({ paths }) => paths));
    await tip.loadAround(newPaths(writes, tip.files));
    const prepared = prepareEdits(writes, overlayOf(tip), emptyRecord(app.name, environment.name));
    if (prepared.kind === "edited") return undefined;
    const { code, message, path, line, fix } = prepared;
    return { level: "error", code, message, path, line, fix };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const level = error.code === "template/missing-variable" ? "note" : "error";
    return {
      level,
      code: error.code,
      message: error.message,
      path: error.at?.file,
      line: error.at?.line,
      fix: error.fix,
    };
  }
}

/** An artifact that has what the config says every artifact of the app has. */
function sampleOf(app: App): Artifact {
  const digest = `sha256:${"0".repeat(64)}`;
  const images = Object.entries(app.images).map(([key, name]): [string, Image] => {
    const image = { name, tag: "0.0.0-check", digest };
    return [key, { ...image, ref: imageRef(image) }];
  });
  return identify({
    schema: artifactSchemaId,
    app: app.name,
    created: "2000-01-01T00:00:00.000Z",
    committedAt: "2000-01-01T00:00:00.000Z",
    version: {
      repositoryName: app.repository ?? app.name,
      sha: "0".repeat(40),
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
