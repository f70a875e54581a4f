import { type EditTools, prepareEdits, renderWrites } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayAt } from "../edit/overlay.ts";
import { valueByValue } from "../edit/value-by-value.ts";
import { UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { requestId } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { emptyRecord, type Written } from "../model/record.ts";
import type { TipReader } from "../state/tip-reader.ts";
import { type Mark, renderMarked } from "./marks.ts";
import type { FoundValue } from "./read-back.ts";

/** An app in an environment, at a tip. */
export interface Place {
  app: App;
  environment: Environment;
  tip: TipReader;
  tools: EditTools;
}

/** What the places that `write` declares say, and what would be written there with marks in the place of facts. */
export type Inspected =
  | { kind: "values"; written: Written[]; found: FoundValue[]; marks: readonly Mark[] }
  | { kind: "unreadable"; code: string; why: string; fix: string };

const nothing = "Look at what 'glu validate' says of this app.";

/** Reads the values at the places that `write` declares. Where these depend on the artifact, they cannot be known. */
export async function inspect(place: Place): Promise<Inspected> {
  const [one, other] = [await writeMarked(place, "a"), await writeMarked(place, "b")];
  if ("why" in one) return { kind: "unreadable", ...one };
  if ("why" in other) return { kind: "unreadable", ...other };
  const moves = one.written.find(({ path, selector }, at) => {
    return path !== other.written[at]?.path || selector !== other.written[at]?.selector;
  });
  if (moves !== undefined || one.written.length !== other.written.length) {
    const why = "which file or key is written depends on the artifact";
    return {
      kind: "unreadable",
      code: "adopt/unreadable",
      why,
      fix: "Name the artifact that runs there with --artifact.",
    };
  }
  const found = one.written.map(({ path, selector, editor }): FoundValue => {
    const file = place.tip.files.get(path as never);
    const reader = place.tools.editors.find(({ kind }) => kind === editor);
    return { path, selector, editor, value: file?.kind === "file" ? reader?.read(file.content, selector) : undefined };
  });
  return { kind: "values", written: one.written, found, marks: one.marks };
}

/** What a marked artifact would write. Places that are not there are made in memory, so that all of them are known. */
async function writeMarked(
  { app, environment, tip, tools }: Place,
  seed: string,
): Promise<{ written: Written[]; marks: readonly Mark[] } | { code: string; why: string; fix: string }> {
  try {
    const { made, marked } = renderMarked(app, seed, (artifact) => rendered(app, environment, artifact, tools));
    await tip.load(made.flatMap(({ paths }) => paths));
    await tip.loadAround(newPaths(made, tip.files));
    const overlay = overlayAt(
      tip,
      made.flatMap(({ paths }) => paths),
    );
    const written: Written[] = [];
    for (const write of made) {
      const prepared = prepareEdits([write], overlay, emptyRecord(app.name, environment.name));
      // What is not there says nothing; the others may.
      if (prepared.kind === "refused" && absent.has(prepared.code)) continue;
      if (prepared.kind === "refused") {
        return { code: prepared.code, why: `${prepared.path}: ${prepared.message}`, fix: prepared.fix ?? nothing };
      }
      written.push(...prepared.writes);
    }
    return { written, marks: marked.marks };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: error.code, why: error.message, fix: error.fix ?? nothing };
  }
}

/** The codes of an edit whose place is not there. */
export const absent: ReadonlySet<string> = new Set(["edit/no-file", "edit/no-key"]);

/** The writes of an artifact, each value by itself, so that one place that is missing hides no other. */
function rendered(app: App, environment: Environment, artifact: Artifact, tools: EditTools) {
  return app.write.flatMap(valueByValue).flatMap((write) => {
    const intent = {
      app: app.name,
      environment: environment.name,
      artifact,
      explicit: true,
      request: requestId("look"),
    };
    return renderWrites(intent, { ...app, write: [write] }, environment, tools);
  });
}
