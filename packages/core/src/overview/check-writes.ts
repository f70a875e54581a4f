import { identify } from "../artifact/digest.ts";
import { type EditTools, prepareEdits, type RenderedWrite, renderWrites } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayOf } from "../edit/overlay.ts";
import { valueByValue } from "../edit/value-by-value.ts";
import { UserError } from "../errors.ts";
import { manifestsCount } from "../manifests/manifest-at.ts";
import { type Artifact, artifactSchemaId, type Image, imageRef, versionSchema } from "../model/artifact.ts";
import type { Intent } from "../model/decision.ts";
import { type AppName, type EnvName, type RepoPath, requestId } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { emptyRecord, type Written } from "../model/record.ts";
import type { FileAt, Snapshot } from "../ports/config-repository.ts";
import type { EditRefused } from "../ports/editor.ts";
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
 * declared images, another one for each place. All that is wrong is told, not only the first. What needs more of an
 * artifact (its `vars`) cannot be known here and is noted. Two places that write the same one are an error.
 */
export async function checkWrites(
  pipeline: Pipeline,
  tip: Pick<Snapshot, "read" | "list">,
  tools: Omit<EditTools, "configFile">,
): Promise<WriteFinding[]> {
  const findings: WriteFinding[] = [];
  const reader = new TipReader(tip);
  let number = 0;
  const written: Together = { tip: new Map(), now: new Map(), writes: [], by: new Map() };
  for (const app of pipeline.apps.values()) {
    for (const name of app.environments) {
      const environment = pipeline.environments.get(name);
      if (environment === undefined || environment.repository !== undefined || environment.ref !== undefined) continue;
      const place: Place = { app, environment, number: ++number };
      const found = await checkPlace(place, reader, { ...tools, configFile: pipeline.file }, written);
      findings.push(...found.map((finding) => ({ app: app.name, environment: name, ...finding })));
    }
  }
  return findings;
}

type PlaceFinding = Omit<WriteFinding, "app" | "environment">;

interface Place {
  app: App;
  environment: Environment;
  /** Makes its artifact, and so what is written, unlike that of every other place. */
  number: number;
}

/** The edits of all places so far, one on top of the other. */
interface Together {
  tip: Map<RepoPath, FileAt>;
  now: Map<RepoPath, FileAt>;
  writes: Written[];
  /** Path → the places that write to it. */
  by: Map<string, Set<string>>;
}

async function checkPlace(place: Place, tip: TipReader, tools: EditTools, together: Together): Promise<PlaceFinding[]> {
  const { app, environment } = place;
  const findings = new Map<string, PlaceFinding>();
  const tell = (finding: PlaceFinding) => findings.set(JSON.stringify(finding), finding);
  const rendered: RenderedWrite[] = [];
  for (const write of app.write.flatMap(valueByValue)) {
    try {
      rendered.push(...renderWrites(intentOf(place), { ...app, write: [write] }, environment, tools));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      tell(findingOf(error, place));
    }
  }
  await tip.load(rendered.flatMap(({ paths }) => paths));
  await tip.loadAround(newPaths(rendered, tip.files));
  const standing = overlayOf(tip);
  const record = emptyRecord(app.name, environment.name);
  const sound = rendered.filter((write) => {
    const prepared = prepareEdits([write], standing, record);
    if (prepared.kind === "refused") tell(refusalOf(prepared));
    return prepared.kind === "edited";
  });
  const alone = prepareEdits(sound, standing, record);
  if (alone.kind === "refused") tell(refusalOf(alone));
  else {
    const clash = addTogether(place, sound, tip.files, together);
    if (clash !== undefined) tell(clash);
  }
  return [...findings.values()];
}

/** Puts the place's edits on top of those of the others; a finding when one of them wrote the same place. */
function addTogether(
  { app, environment }: Place,
  writes: readonly RenderedWrite[],
  files: ReadonlyMap<RepoPath, FileAt>,
  together: Together,
): PlaceFinding | undefined {
  for (const [path, file] of files) {
    if (together.tip.has(path)) continue;
    together.tip.set(path, file);
    together.now.set(path, file);
  }
  const prepared = prepareEdits(writes, together.now, emptyRecord(app.name, environment.name), together);
  if (prepared.kind === "refused") {
    const others = [...(together.by.get(prepared.path) ?? [])];
    const known = others.slice(0, 3).join(", ");
    return {
      ...refusalOf(prepared),
      code: "config/same-place",
      message: `${app.name} in ${environment.name} writes what is written by ${known}${others.length > 3 ? ", …" : ""} too: ${prepared.message}`,
      fix: "Give each its own: {{ app }} and {{ env }} can stand in the path and in the key.",
    };
  }
  for (const [path, content] of prepared.files) together.now.set(path, { kind: "file", executable: false, content });
  together.writes.push(...prepared.writes);
  for (const { path } of prepared.writes) {
    together.by.set(path, (together.by.get(path) ?? new Set()).add(`${app.name} in ${environment.name}`));
  }
  return undefined;
}

function refusalOf({ code, message, path, line, fix }: EditRefused): PlaceFinding {
  return { level: "error", code, message, path, line, fix };
}

function findingOf(error: UserError, place: Place): PlaceFinding {
  const open = error.code === "template/missing-variable" && isArtifactsOwn(String(error.seen), place);
  return {
    level: open ? "note" : "error",
    code: error.code,
    message: error.message,
    path: error.at?.file,
    line: error.at?.line,
    fix: error.fix,
  };
}

/** Whether only an artifact can tell if it has the variable: `vars`, `context`, `.NAME`, what `version` may have, its manifest. */
function isArtifactsOwn(name: string, { app, environment }: Place): boolean {
  const [first, second = ""] = name.split(".");
  if (first === "" || first === "vars" || first === "context") return true;
  if (first === "manifest") return manifestsCount(app, environment);
  return first === "version" && Object.hasOwn(versionSchema.shape, second);
}

function intentOf({ app, environment, number }: Place): Intent {
  const artifact = sampleOf(app, number);
  return { app: app.name, environment: environment.name, artifact, explicit: true, request: requestId("check") };
}

/** An artifact that has what the config says every artifact of the app has. */
function sampleOf(app: App, number: number): Artifact {
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
