import { type EditTools, prepareEdits, type RenderedWrite, renderWrites } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayOf } from "../edit/overlay.ts";
import { valueByValue } from "../edit/value-by-value.ts";
import { UserError } from "../errors.ts";
import type { Intent } from "../model/decision.ts";
import { type RepoPath, requestId } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { emptyRecord, type Written } from "../model/record.ts";
import type { FileAt, Snapshot } from "../ports/config-repository.ts";
import type { EditRefused } from "../ports/editor.ts";
import { TipReader } from "../state/tip-reader.ts";
import { type ConfigFinding, templateFinding } from "./config-finding.ts";
import { sampleOf } from "./sample-artifact.ts";

/**
 * Tries every `write` of every app in every environment on the files as they are, with an artifact made up from the
 * declared images, another one for each place. All that is wrong is told, not only the first. What needs more of an
 * artifact (its `vars`) cannot be known here and is noted. Two places that write the same one are an error.
 */
export async function checkWrites(
  pipeline: Pipeline,
  tip: Pick<Snapshot, "read" | "list">,
  tools: Omit<EditTools, "configFile">,
): Promise<ConfigFinding[]> {
  const findings: ConfigFinding[] = [];
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

type PlaceFinding = Omit<ConfigFinding, "app" | "environment">;

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
      tell(templateFinding(error, place));
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

function intentOf({ app, environment, number }: Place): Intent {
  const artifact = sampleOf(app, number);
  return { app: app.name, environment: environment.name, artifact, explicit: true, request: requestId("check") };
}
