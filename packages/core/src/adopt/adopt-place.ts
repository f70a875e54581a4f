import { GluError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { recordPath, type Written } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { whatDiffers } from "./differs.ts";
import { findFits } from "./fits.ts";
import { type Inspected, inspect, type Place } from "./inspect.ts";
import { findLikely, haveSameImages } from "./likely.ts";
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

type Told = Omit<Extract<Adoption, { kind: "unknown" }>, "app" | "environment" | "kind" | "found">;

/** Finds the artifact that the files of a place belong to. What is wrong with one place stops no other. */
export async function adoptPlace(place: Place, options: AdoptPlaceOptions): Promise<PlaceFinding> {
  const { app, environment } = place;
  const about = { app: app.name, environment: environment.name };
  const unknown = (told: Told, found: readonly FoundValue[] = []): PlaceFinding => {
    return { ...about, kind: "unknown", ...told, found: standing(found) };
  };
  try {
    if (place.tip.files.has(recordPath(app.name, environment.name))) return recorded(place, options.state);
    // Also where a link is in the way of a record.
    options.state.record(app.name, environment.name);
    if (app.write.length === 0) {
      const reason = "nothing is written for it, so no file tells";
      return unknown({ code: "adopt/nothing-written", reason, fix: "Promote an artifact." });
    }
    const seen = await inspect(place);
    const found = seen.kind === "values" ? seen.found : [];
    if (seen.kind === "values" && found.every(isEmpty)) return { ...about, kind: "empty" };
    const artifacts = await options.artifacts();
    const fits = await findFits(artifacts, place);
    const [fit, second] = fits;
    if (fit !== undefined && second === undefined) return { kind: "found", origin: "store", ...fit };
    const all = fits.map(({ artifact }) => artifact);
    if (fit !== undefined) return unknown(ambiguous(place, all, "write what its files say"), found);
    if (seen.kind === "unreadable") return unknown({ code: seen.code, reason: seen.why, fix: seen.fix });
    const likely = await findLikely(artifacts, seen, place, options.named);
    const [only] = likely;
    const several = likely.length > 1;
    if (only !== undefined && !several) {
      return { kind: "found", origin: "agreeing", artifact: only, writes: standing(found) };
    }
    const told = await fromFiles(place, { ...options, seen, candidates: several ? likely : artifacts });
    if ("artifact" in told && !(several && told.origin === "files")) {
      return { kind: "found", ...told, writes: standing(found) };
    }
    if (several || "artifact" in told) return unknown(ambiguous(place, likely, "agree with its files"), found);
    return unknown(told, found);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return unknown({ code: error.code, reason: error.message, fix: error.fix ?? "Mend it, and run again." });
  }
}

interface FromFiles extends AdoptPlaceOptions {
  seen: Extract<Inspected, { kind: "values" }>;
  /** Those that may have the digest which a registry tells. */
  candidates: readonly Artifact[];
}

/** An artifact that is made of what files say, or the known one that has the images which it was made of. */
async function fromFiles(
  place: Place,
  { seen: { written, found, marks }, named, maker, locations, candidates }: FromFiles,
): Promise<{ origin: Origin; artifact: Artifact } | Told> {
  const unreadable = (reason: string, fix: string = importIt): Told => ({ code: "adopt/unreadable", reason, fix });
  if (named) {
    const reason = `the artifact that was named writes other values: ${describe(found)}`;
    const fix = "Name the one that runs there, or correct the files first.";
    return { code: "adopt/no-artifact", reason, fix };
  }
  if (maker === undefined) {
    const reason = `no artifact in ${locations().join(" or ")} writes what its files say: ${describe(found)}`;
    return { code: "adopt/no-artifact", reason, fix: `${importIt} ${orMakeIt}` };
  }
  const back = readBack(written, found, marks);
  if (back.kind === "unreadable") return unreadable(back.why, back.fix);
  const made = await makeArtifact(place.app, back.facts, maker);
  if (made.kind === "unmade") return unreadable(made.why, made.fix);
  const differs = await whatDiffers(made.artifact, found, place);
  if (differs !== undefined) return unreadable(differs);
  const [known, another] = haveSameImages(candidates, made.artifact, back.facts, place);
  if (known !== undefined && another === undefined) return { origin: "agreeing", artifact: known };
  return { origin: "files", artifact: made.artifact };
}

function ambiguous({ app, environment }: Place, artifacts: readonly Artifact[], how: string): Told {
  const ids = artifacts.map(({ id }) => id);
  const shown = `${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`;
  return {
    code: "adopt/ambiguous",
    reason: `${ids.length} artifacts ${how}: ${shown}`,
    fix: `Say which: glu adopt --app ${app.name} --environment ${environment.name} --artifact ${ids[0]}`,
  };
}

const importIt = "Build or import the artifact that runs there.";
const orMakeIt = "Or let one be made of what the files say: --allow-unknown.";

function recorded({ app, environment }: Place, state: State): PlaceFinding {
  const release = state.current(app.name, environment.name) ?? undefined;
  return { app: app.name, environment: environment.name, kind: "recorded", release };
}

const standing = (found: readonly FoundValue[]): Written[] =>
  found.flatMap(({ value, ...one }) => (value === undefined ? [] : [{ ...one, value }]));

function describe(found: readonly FoundValue[]): string {
  const told = standing(found).map(
    ({ selector, path, value }) => `${selector} in ${path} is ${JSON.stringify(value.slice(0, 100))}`,
  );
  return `${told.slice(0, 3).join(", ")}${told.length > 3 ? ", …" : ""}`;
}
