import { prepareEdits, type RenderedWrite, renderWrites } from "../edit/edit.ts";
import { overlayAt } from "../edit/overlay.ts";
import { UserError } from "../errors.ts";
import { isDeclared } from "../gates/declared.ts";
import type { Artifact } from "../model/artifact.ts";
import { type RepoPath, requestId } from "../model/names.ts";
import { emptyRecord, type Written } from "../model/record.ts";
import type { TipReader } from "../state/tip-reader.ts";
import type { Place } from "./inspect.ts";

/** An artifact whose promotion would change no byte: the files say that it runs. */
export interface Fit {
  artifact: Artifact;
  writes: Written[];
}

/**
 * The artifacts that the files belong to: every value that they would write stands there already. Builds of pull
 * requests count only where no other artifact says the same; what is not declared for the app never does.
 */
export async function findFits(artifacts: readonly Artifact[], place: Place): Promise<Fit[]> {
  const { app, tip } = place;
  const drafts = artifacts
    .filter((artifact) => isDeclared(app, artifact))
    .flatMap((artifact) => {
      const writes = renderFor(artifact, place);
      return writes === undefined ? [] : [{ artifact, writes }];
    });
  // One read for all of them: paths may depend on the artifact.
  const paths = [...new Set(drafts.flatMap(({ writes }) => writes.flatMap((write) => write.paths)))];
  await tip.load(paths);
  const overlay = overlayAt(tip, paths);
  const stands = standsIn(tip.files);
  const record = emptyRecord(app.name, place.environment.name);
  const fits = drafts.flatMap(({ artifact, writes }): Fit[] => {
    // Most artifacts say something else at the first place, and need not be edited to know it.
    if (!writes.every(stands)) return [];
    const prepared = prepareEdits(writes, overlay, record);
    const fits = prepared.kind === "edited" && prepared.files.size === 0 && prepared.writes.length > 0;
    return fits ? [{ artifact, writes: prepared.writes }] : [];
  });
  const chosen = new Set(released(fits.map(({ artifact }) => artifact)));
  return fits.filter(({ artifact }) => chosen.has(artifact));
}

/** Builds of pull requests count only where there is no other. */
export function released(artifacts: readonly Artifact[]): Artifact[] {
  const others = artifacts.filter(({ version }) => version.event !== "pr");
  return others.length > 0 ? others : [...artifacts];
}

/** Whether what a write will put there is there, as far as that can be told without an edit. Places are read once. */
function standsIn(files: TipReader["files"]): (write: RenderedWrite) => boolean {
  const read = new Map<string, string | undefined>();
  const valueAt = (editor: RenderedWrite["editor"], path: RepoPath, selector: string) => {
    const key = `${editor.kind}\0${path}\0${selector}`;
    const file = files.get(path);
    if (!read.has(key)) read.set(key, file?.kind === "file" ? editor.read(file.content, selector) : undefined);
    return read.get(key);
  };
  return ({ editor, options }) =>
    (editor.foresee?.(options) ?? []).every(({ paths, selector, value }) => {
      return paths.some((path) => valueAt(editor, path, selector) === value);
    });
}

/** Undefined: the templates want more than this artifact has, so it was never written there. */
function renderFor(artifact: Artifact, { app, environment, tools }: Place): RenderedWrite[] | undefined {
  const intent = { app: app.name, environment: environment.name, artifact, explicit: true, request: requestId("look") };
  try {
    return renderWrites(intent, app, environment, tools);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
