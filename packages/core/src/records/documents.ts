import type { z } from "zod";
import { UserError } from "../errors.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import type { Preview, Tombstone } from "../model/preview.ts";
import {
  currentSchema,
  emptyRecord,
  type Freeze,
  freezePath,
  freezeSchema,
  type Pin,
  pinPath,
  pinSchema,
  type Release,
  type ReleaseRecord,
  recordPath,
  recordSchema,
} from "../model/record.ts";
import type { Bytes, FileAt } from "../ports/config-repository.ts";
import { called, foldersAbove } from "../repository/change-set.ts";

/** A document of `.glu/` as bytes: two spaces, LF, a newline at the end, keys in the order of the schema. */
export function encodeDocument(document: ReleaseRecord | Pin | Freeze | Preview | Tombstone): Bytes {
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

function decode<T>(schema: z.ZodType<T>, path: RepoPath, file: FileAt): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.content));
  } catch (cause) {
    throw malformed(path, "it is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(path, `${issue?.path.join(".") || "the document"}: ${issue?.message}`);
}

/**
 * What was decoded of a file, by its schema, for as long as somebody has the file: what runs in a place, and what holds it
 * there, is asked for again and again. Whole records are not kept: with a full history one takes a quarter of a megabyte.
 */
const decoded = new WeakMap<FileAt, Map<z.ZodType, unknown>>();

function decodeOnce<T>(schema: z.ZodType<T>, path: RepoPath, file: FileAt): T {
  const known = decoded.get(file) ?? new Map<z.ZodType, unknown>();
  decoded.set(file, known);
  if (!known.has(schema)) known.set(schema, decode(schema, path, file));
  return known.get(schema) as T;
}

function malformed(path: RepoPath, why: string, cause?: unknown): UserError {
  return new UserError("record/malformed", `${path} cannot be read: ${why}.`, {
    seen: path,
    at: { file: path },
    fix: "Glu writes this file. Restore its last good version from Git, or use the version of Glu that wrote it.",
    cause,
  });
}

type FilesAt = ReadonlyMap<RepoPath, FileAt>;

/**
 * What must be read for documents: they, and the folders above. Where a link or submodule is in a folder's place, it is
 * found by that name, and nothing below it: a freeze that cannot be seen must not be taken for none.
 */
export function documentPaths(paths: readonly RepoPath[]): RepoPath[] {
  const all = new Set<RepoPath>();
  for (const path of paths) {
    for (const folder of foldersAbove(path)) all.add(folder);
    all.add(path);
  }
  return [...all];
}

/** The file of a document; undefined when there is none. Anything else that is in its place is an error. */
function documentAt(files: FilesAt, path: RepoPath): FileAt | undefined {
  for (const folder of foldersAbove(path)) {
    const there = files.get(folder);
    if (there !== undefined) throw malformed(path, `${folder} is ${called[there.kind]}, not a folder`);
  }
  const file = files.get(path);
  if (file !== undefined && file.kind !== "file") throw malformed(path, `it is ${called[file.kind]}, not a file`);
  return file;
}

/** The record of an app in an environment; an empty one when nothing was released there yet. */
export function readRecord(files: FilesAt, app: AppName, environment: EnvName): ReleaseRecord {
  return readOf(recordSchema, files, app, environment) ?? emptyRecord(app, environment);
}

/** The current release of a record alone: checking a full history takes most of the time of reading one. */
export function readCurrent(files: FilesAt, app: AppName, environment: EnvName): Release | null {
  return readOf(currentSchema, files, app, environment, decodeOnce)?.current ?? null;
}

function readOf<T extends { app: string; environment: string }>(
  schema: z.ZodType<T>,
  files: FilesAt,
  app: AppName,
  environment: EnvName,
  read: typeof decode = decode,
): T | undefined {
  const path = recordPath(app, environment);
  const file = documentAt(files, path);
  if (file === undefined) return undefined;
  const record = read(schema, path, file);
  if (record.app !== app || record.environment !== environment) {
    throw malformed(path, `it is the record of ${record.app} in ${record.environment}`);
  }
  return record;
}

/** Another document of `.glu/`, by its schema; undefined when there is none. @throws UserError `record/malformed` */
export function readDocument<T>(schema: z.ZodType<T>, files: FilesAt, path: RepoPath): T | undefined {
  const file = documentAt(files, path);
  return file === undefined ? undefined : decode(schema, path, file);
}

export function readPin(files: FilesAt, app: AppName, environment: EnvName): Pin | undefined {
  const path = pinPath(app, environment);
  const file = documentAt(files, path);
  return file === undefined ? undefined : decodeOnce(pinSchema, path, file);
}

export function readFreeze(files: FilesAt, scope: EnvName | "all"): Freeze | undefined {
  const path = freezePath(scope);
  const file = documentAt(files, path);
  return file === undefined ? undefined : decodeOnce(freezeSchema, path, file);
}
