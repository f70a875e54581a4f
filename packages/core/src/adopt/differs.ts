import { prepareEdits, type RenderedWrite, renderWrites } from "../edit/edit.ts";
import { overlayAt } from "../edit/overlay.ts";
import { valueByValue } from "../edit/value-by-value.ts";
import { UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { requestId } from "../model/names.ts";
import { emptyRecord, type Written } from "../model/record.ts";
import { agrees } from "./agrees.ts";
import { absent, type Place } from "./inspect.ts";
import { type FoundValue, isEmpty } from "./read-back.ts";

/**
 * Where files say something else than an artifact would write, one sentence; undefined where they agree. A place that
 * is empty, or says less than would be written, agrees.
 */
export async function whatDiffers(
  artifact: Artifact,
  found: readonly FoundValue[],
  place: Place,
): Promise<string | undefined> {
  const { app, environment, tip } = place;
  const writes = renderEach(artifact, place);
  const paths = writes.flatMap((write) => write.paths);
  await tip.load(paths);
  const overlay = overlayAt(tip, paths);
  const would: Written[] = [];
  for (const write of writes) {
    const prepared = prepareEdits([write], overlay, emptyRecord(app.name, environment.name));
    if (prepared.kind === "edited") would.push(...prepared.writes);
    else if (!absent.has(prepared.code)) return `${prepared.path}: ${prepared.message}`;
  }
  for (const one of found) {
    if (isEmpty(one) || one.value === undefined) continue;
    const value = would.find(({ path, selector }) => path === one.path && selector === one.selector)?.value;
    if (agrees(one.value, value, artifact)) continue;
    const other = value === undefined ? "has nothing to write there" : `would write ${JSON.stringify(value)}`;
    return `${one.selector} in ${one.path} is ${JSON.stringify(one.value)}, where ${artifact.id} ${other}`;
  }
  return undefined;
}

/** Each value by itself: an artifact without one of the images writes the others. */
function renderEach(artifact: Artifact, { app, environment, tools }: Place): RenderedWrite[] {
  const about = { app: app.name, environment: environment.name, explicit: true, request: requestId("look") };
  return app.write.flatMap(valueByValue).flatMap((write) => {
    try {
      return renderWrites({ ...about, artifact }, { ...app, write: [write] }, environment, tools);
    } catch (error) {
      if (error instanceof UserError && error.code === "template/missing-variable") return [];
      throw error;
    }
  });
}
