import { createHash } from "node:crypto";
import { identify } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import { type Artifact, artifactSchemaId, type Image, imageRef } from "../model/artifact.ts";
import type { App } from "../model/pipeline.ts";

/** What of an artifact a file may tell. */
export type Fact =
  | { of: "tag"; image: string }
  | { of: "digest"; image: string }
  | { of: "var"; name: string }
  | { of: "sha" }
  | { of: "version-tag" };

/** A text that stands for a fact in what is rendered, and is found again there. */
export interface Mark {
  fact: Fact;
  text: string;
  /** What a value looks like that may stand in its place; the source of a regular expression without groups. */
  pattern: string;
}

/** An artifact that has marks for facts: what is rendered with it shows where which fact is written. */
export interface Marked {
  artifact: Artifact;
  marks: readonly Mark[];
}

const hash = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

const tag = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
const digest = "sha256:[0-9a-f]{64}";
const line = "[^\\r\\n]{1,4096}";

/**
 * Marks for everything that the config says every artifact of the app has, and for the variables that are named beside.
 * Two of different `seed` share no mark.
 */
export function markArtifact(app: App, more: { vars: readonly string[]; versionTag: boolean }, seed: string): Marked {
  const marks: Mark[] = [];
  const mark = (fact: Fact, text: string, pattern: string): string => {
    marks.push({ fact, text, pattern });
    return text;
  };
  const images = Object.entries(app.images).map(([image, name]): [string, Image] => {
    const made = {
      name,
      tag: mark({ of: "tag", image }, `glu-${hash(`${seed}tag ${image}`, 12)}`, tag),
      digest: mark({ of: "digest", image }, `sha256:${hash(`${seed}digest ${image}`, 64)}`, digest),
    };
    return [image, { ...made, ref: imageRef(made) }];
  });
  const vars = more.vars.map((name) => [
    name,
    mark({ of: "var", name }, `glu-${hash(`${seed}var ${name}`, 12)}`, line),
  ]);
  const version = {
    repositoryName: app.repository ?? app.name,
    sha: mark({ of: "sha" }, hash(`${seed}sha`, 40), "[0-9a-f]{40}"),
    branch: hash(`${seed}branch`, 12),
    event: "manual" as const,
    ...(more.versionTag
      ? { tag: mark({ of: "version-tag" }, `glu-${hash(`${seed}version`, 12)}`, "[^\\s]{1,256}") }
      : {}),
  };
  const { artifact } = identify({
    schema: artifactSchemaId,
    app: app.name,
    created: "2000-01-01T00:00:00.000Z",
    committedAt: "2000-01-01T00:00:00.000Z",
    version,
    images: Object.fromEntries(images),
    context: {},
    environments: [],
    items: [],
    vars: Object.fromEntries(vars),
  });
  return { artifact, marks };
}

/**
 * Calls `render` with marked artifacts until none of the variables that it names is missing. What an artifact may have
 * beside is found out by asking: `vars`, which GimletD's `{{ .NAME }}` names too, and the tag of the version.
 * @throws UserError of a template that names anything else
 */
export function renderMarked<T>(
  app: App,
  seed: string,
  render: (artifact: Artifact) => T,
): { made: T; marked: Marked } {
  const more = { vars: [] as string[], versionTag: false };
  for (;;) {
    const marked = markArtifact(app, more, seed);
    try {
      return { made: render(marked.artifact), marked };
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "template/missing-variable") throw error;
      const name = /^(?:vars)?\.([A-Za-z_]\w*)$/.exec(String(error.seen))?.[1];
      if (name !== undefined && !more.vars.includes(name) && more.vars.length < 100) more.vars.push(name);
      else if (error.seen === "version.tag" && !more.versionTag) more.versionTag = true;
      else throw error;
    }
  }
}
