import { prepareEdits, renderWrites } from "../edit/edit.ts";
import { overlayAt } from "../edit/overlay.ts";
import { GluError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { requestId } from "../model/names.ts";
import { emptyRecord, recordPath, type Written } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { findFits } from "./fits.ts";
import { inspect, type Place } from "./inspect.ts";
import { type Maker, makeArtifact } from "./make-artifact.ts";
import type { Adoption, Origin } from "./options.ts";
import { type FoundValue, isEmpty, readBack } from "./read-back.ts";

export interface AdoptPlaceOptions {
  state: State;
  /** All that may be what runs there. */
  artifacts(): Promise<readonly Artifact[]>;
  /** Where they were looked for, for messages. */
  locations(): readonly string[];
  /** Makes an artifact of what files say; undefined where that was not asked for. */
  maker: Maker | undefined;
  /** One artifact was named: no other is meant. */
  named: boolean;
}

/** What runs in a place, when it can be told, with the values that stand there because of it. */
export type PlaceFinding =
  | Exclude<Adoption, { kind: "adopted" }>
  | { kind: "found"; origin: Origin; artifact: Artifact; writes: Written[] };

/** Finds the artifact that the files of a place belong to. What is wrong with one place stops no other. */
export async function adoptPlace(place: Place, options: AdoptPlaceOptions): Promise<PlaceFinding> {
  const { app, environment } = place;
  const about = { app: app.name, environment: environment.name };
  const unknown = (code: string, reason: string, fix: string, found: readonly FoundValue[] = []): PlaceFinding => {
    return { ...about, kind: "unknown", code, reason, fix, found: standing(found) };
  };
  try {
    if (place.tip.files.has(recordPath(app.name, environment.name))) return recorded(place, options.state);
    // Also where a link is in the way of a record.
    options.state.record(app.name, environment.name);
    if (app.write.length === 0) {
      return unknown("adopt/nothing-written", "nothing is written for it, so no file tells", "Promote an artifact.");
    }
    const seen = await inspect(place);
    const found = seen.kind === "values" ? seen.found : [];
    if (seen.kind === "values" && found.every(isEmpty)) return { ...about, kind: "empty" };
    const fits = await findFits(await options.artifacts(), place);
    const [fit, second] = fits;
    if (fit !== undefined && second === undefined) return { kind: "found", origin: "store", ...fit };
    if (fit !== undefined) {
      const ids = fits.map(({ artifact }) => artifact.id);
      const shown = `${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`;
      const fix = `Say which: glu adopt --app ${app.name} --environment ${environment.name} --artifact ${fit.artifact.id}`;
      return unknown("adopt/ambiguous", `${ids.length} artifacts write what its files say: ${shown}`, fix, found);
    }
    if (seen.kind === "unreadable") return unknown(seen.code, seen.why, seen.fix);
    if (options.named) {
      const reason = `the artifact that was named writes other values: ${describe(found)}`;
      return unknown("adopt/no-artifact", reason, "Name the one that runs there, or correct the files first.", found);
    }
    if (options.maker === undefined) {
      const reason = `no artifact in ${options.locations().join(" or ")} writes what its files say: ${describe(found)}`;
      return unknown("adopt/no-artifact", reason, `${importIt} ${orMakeIt}`, found);
    }
    const back = readBack(seen.written, found, seen.marks);
    if (back.kind === "unreadable") return unknown("adopt/unreadable", back.why, importIt, found);
    const made = await makeArtifact(app, back.facts, options.maker);
    if (made.kind === "unmade") return unknown("adopt/unreadable", made.why, made.fix, found);
    const differs = await whatDiffers(made.artifact, found, place);
    if (differs !== undefined) return unknown("adopt/unreadable", differs, importIt, found);
    return { kind: "found", origin: "files", artifact: made.artifact, writes: standing(found) };
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return unknown(error.code, error.message, error.fix ?? "Mend it, and run again.");
  }
}

const importIt = "Build or import the artifact that runs there.";
const orMakeIt = "Or let one be made of what the files say: --allow-unknown.";

function recorded({ app, environment }: Place, state: State): PlaceFinding {
  const release = state.current(app.name, environment.name) ?? undefined;
  return { app: app.name, environment: environment.name, kind: "recorded", release };
}

/**
 * The proof of what was read back: a place that says something must say what the artifact would write there. Undefined
 * when all do.
 */
async function whatDiffers(
  artifact: Artifact,
  found: readonly FoundValue[],
  place: Place,
): Promise<string | undefined> {
  const { app, environment, tip, tools } = place;
  const intent = { app: app.name, environment: environment.name, artifact, explicit: true, request: requestId("look") };
  const writes = renderWrites(intent, app, environment, tools);
  const paths = writes.flatMap((write) => write.paths);
  await tip.load(paths);
  const prepared = prepareEdits(writes, overlayAt(tip, paths), emptyRecord(app.name, environment.name));
  if (prepared.kind === "refused") return `${prepared.path}: ${prepared.message}`;
  for (const one of found.filter((value) => !isEmpty(value))) {
    const would = prepared.writes.find(({ path, selector }) => path === one.path && selector === one.selector)?.value;
    if (would !== one.value) {
      return `${one.selector} in ${one.path} is ${JSON.stringify(one.value)}, what was read back would write ${JSON.stringify(would)}`;
    }
  }
  return undefined;
}

const standing = (found: readonly FoundValue[]): Written[] =>
  found.flatMap(({ value, ...one }) => (value === undefined ? [] : [{ ...one, value }]));

function describe(found: readonly FoundValue[]): string {
  const told = standing(found).map(
    ({ selector, path, value }) => `${selector} in ${path} is ${JSON.stringify(value.slice(0, 100))}`,
  );
  return `${told.slice(0, 3).join(", ")}${told.length > 3 ? ", …" : ""}`;
}
