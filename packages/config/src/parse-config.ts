import { defaultArtifactRefs, type Pipeline, type RepoPath, type StoreLocation } from "@glu/core";
import type { z } from "zod";
import { withoutConsequences } from "./grammar/consequences.ts";
import { explainIssue, type Finding, tellSchema } from "./grammar/explain-issue.ts";
import { grammar, type Offer } from "./grammar/grammar.ts";
import { readApps } from "./pipeline/apps.ts";
import { withBreakGlass } from "./pipeline/break-glass.ts";
import { readEnvironments } from "./pipeline/environments.ts";
import { withFreezes } from "./pipeline/freezes.ts";
import type { Folders } from "./pipeline/layers.ts";
import { readPreviews } from "./pipeline/previews.ts";
import type { Reading } from "./pipeline/reading.ts";
import type { Places } from "./source/places.ts";
import { throwProblems } from "./source/problem.ts";
import { type ConfigSource, readSource } from "./source/read-source.ts";

export type ParseConfigOptions = Offer &
  ConfigSource & {
    /** The file's path in the config repository, for messages and because `write` may not touch it. */
    file: string;
    /** What lies in the folders that `discoveryFolders` names. */
    folders?: Folders;
  };

/**
 * `glu.yaml`, or what a `glu.config.ts` exports, as the typed pipeline, defaults applied. Pure: the same source gives the
 * same pipeline or the same error.
 * @throws UserError `config/…` with file and line and column, or path, of the first mistake, what was seen and the fix;
 * its message lists all that were found. Mistakes of form hide those that only the whole file shows, such as a circle.
 */
export function parseConfig(options: ParseConfigOptions): Pipeline {
  const { file, editors, gates, folders = new Map() } = options;
  const read = readSource(options);
  if (read.kind === "bad") {
    throwProblems(file, read.problems);
    throw new Error("a bad file without a problem");
  }
  const { data, places } = read;
  const result = grammar({ editors, gates }).schema.safeParse(withoutExtensions(data), parsing);
  if (!result.success) {
    const findings = withoutConsequences(result.error.issues.flatMap((issue) => explainIssue(issue)));
    throwFindings(file, data === null ? [emptyFile] : findings, places);
    throw new Error("a parse that failed without an issue");
  }
  const reading: Reading = { file, parsed: result.data, places, editors, gates, findings: [] };
  const environments = withBreakGlass(reading, withFreezes(reading, readEnvironments(reading)));
  const apps = readApps(reading, environments, folders);
  const artifacts = storeLocation(reading);
  const previews = readPreviews(reading);
  throwFindings(file, reading.findings, places);
  return { file: file as RepoPath, artifacts, environments, apps, ...previews };
}

const parsing = { error: tellSchema, reportInput: true } satisfies z.core.ParseContext<z.core.$ZodIssue>;

const emptyFile: Finding = {
  code: "config/empty",
  message: "The file is empty.",
  fix: "Begin with version: 1, environments and apps; docs/configuration.md has an example to copy.",
  seen: undefined,
  path: [],
  on: "key",
};

function throwFindings(file: string, findings: readonly Finding[], places: Places): void {
  throwProblems(
    file,
    findings.map(({ path, on, code, message, fix, seen }) => ({ code, message, fix, seen, ...places[on](path) })),
  );
}

/** Top-level `x-…` keys are the author's own: a place for anchors. */
function withoutExtensions(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith("x-")));
}

function storeLocation({ parsed, findings }: Reading): StoreLocation {
  const { store, ref } = parsed.artifacts ?? { store: "git" };
  if (!store.startsWith("file:")) return { kind: "git", ref: ref ?? defaultArtifactRefs };
  if (ref !== undefined) {
    const message = "artifacts.ref is for the git store only.";
    const path = ["artifacts", "ref"];
    findings.push({ path, code: "config/store", message, fix: "Remove ref.", seen: ref, on: "key" });
  }
  return { kind: "file", path: store.slice("file:".length) };
}
