import { isDeclared } from "../gates/declared.ts";
import type { Artifact } from "../model/artifact.ts";
import { whatDiffers } from "./differs.ts";
import { released } from "./fits.ts";
import type { Inspected, Place } from "./inspect.ts";
import type { Fact } from "./marks.ts";
import { type Facts, factsToldBy } from "./read-back.ts";

type Values = Extract<Inspected, { kind: "values" }>;

/**
 * The artifacts that agree with all that files say where these do not say all that would be written, such as a tag
 * without its digest. What is said must tell versions apart, unless an artifact was named: `latest` and a bare name do not.
 */
export async function findLikely(
  artifacts: readonly Artifact[],
  { written, found, marks }: Values,
  place: Place,
  named: boolean,
): Promise<Artifact[]> {
  const facts = factsToldBy(written, found, marks);
  if (!named && ![...facts.values()].some(identifies)) return [];
  const agreeing: Artifact[] = [];
  for (const artifact of artifacts.filter((one) => isDeclared(place.app, one) && hasAll(one, facts))) {
    if ((await whatDiffers(artifact, found, place)) === undefined) agreeing.push(artifact);
  }
  return released(agreeing);
}

/**
 * Of several artifacts those that have the images, by their digests, of one that was made of what files say, and all
 * else that these say. The tag may be another: the digest is what runs.
 */
export function haveSameImages(
  artifacts: readonly Artifact[],
  { images }: Artifact,
  facts: Facts,
  { app }: Place,
): Artifact[] {
  const known = Object.entries(images);
  if (known.length === 0) return [];
  const told = new Map([...facts].filter(([, { fact }]) => fact.of !== "tag"));
  return released(
    artifacts.filter((one) => {
      const same = known.every(([key, { digest }]) => own(one.images, key)?.digest === digest);
      return same && isDeclared(app, one) && hasAll(one, told);
    }),
  );
}

function identifies({ fact, value }: { fact: Fact; value: string }): boolean {
  return fact.of === "tag" ? value !== "latest" : fact.of !== "var";
}

function hasAll(artifact: Artifact, facts: Facts): boolean {
  return [...facts.values()].every(({ fact, value }) => factOf(artifact, fact) === value);
}

function factOf({ images, vars, context, version }: Artifact, fact: Fact): string | undefined {
  switch (fact.of) {
    case "tag":
      return own(images, fact.image)?.tag;
    case "digest":
      return own(images, fact.image)?.digest;
    case "var":
      return own(vars, fact.name) ?? own(context, fact.name);
    case "sha":
      return version.sha;
    case "version-tag":
      return version.tag;
  }
}

/** The keys are the artifact's and the config's: none may find what every object inherits. */
function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
