import type { Bytes, RepoPath, Sha } from "@glu/core";
import { listOf, mappingOf, textOf } from "../json.ts";
import type { TreeEntry } from "./git-objects.ts";
import type { ObjectMemory } from "./object-memory.ts";

type Json = Readonly<Record<string, unknown>>;

/** An object to ask for: a revision expression, such as `<commit>:apps/web`, or an id. */
export interface Wanted {
  expression: string;
  /** A folder that is small and of which much is read: with all that lies in it, to this depth. */
  whole?: boolean;
}

/** Folders in a folder that is taken whole. */
const depth = 3;

const nested = (levels: number): string =>
  levels === 0
    ? ""
    : `object { ... on Blob { text } ... on Tree { oid entries { name mode oid ${nested(levels - 1)} } } }`;

const plain = `
fragment Plain on GitObject { __typename oid ... on Tree { entries { name mode oid } } ... on Blob { text } }`;
const whole = `
fragment Whole on GitObject { __typename oid ... on Tree { entries { name mode oid ${nested(depth)} } } }`;

/** The parts of a query that asks for objects: its fields stand in a repository. */
export function askFor(wanted: readonly Wanted[]): {
  declare: string;
  fields: string;
  fragments: string;
  variables: Json;
} {
  return {
    // GraphQL refuses one that is not used.
    fragments: `${wanted.some((one) => !one.whole) ? plain : ""}${wanted.some((one) => one.whole) ? whole : ""}`,
    declare: wanted.map((_, index) => `, $e${index}: String!`).join(""),
    fields: wanted
      .map(({ whole }, index) => `o${index}: object(expression: $e${index}) { ...${whole ? "Whole" : "Plain"} }`)
      .join("\n"),
    variables: Object.fromEntries(wanted.map(({ expression }, index) => [`e${index}`, expression])),
  };
}

/** Keeps the objects of an answer, as far as they are whole. */
export function keepObjects(repository: Json, memory: ObjectMemory): void {
  for (const [alias, object] of Object.entries(repository)) {
    if (/^o\d+$/.test(alias)) keepObject(mappingOf(object), memory);
  }
}

function keepObject(object: Json, memory: ObjectMemory): void {
  const id = idOf(object.oid);
  if (id === undefined) return;
  keepTree(object, memory);
  const text = textOf(object.text);
  if (text !== undefined) memory.keepBlob(id, bytesOf(text));
}

/** Keeps a tree as it is told, and what is told of what lies in it. False: it is not the tree that it says it is. */
export function keepTree(tree: Json, memory: ObjectMemory): boolean {
  const [id, told] = [idOf(tree.oid), listOf(tree.entries)];
  if (id === undefined || told === undefined) return false;
  const entries: TreeEntry[] = [];
  for (const { name, mode, oid, object } of told) {
    const entryId = idOf(oid);
    if (typeof name !== "string" || typeof mode !== "number" || entryId === undefined) return false;
    entries.push({ name, mode, id: entryId });
    const inside = mappingOf(object);
    if (inside.entries !== undefined) keepTree(inside, memory);
    const text = textOf(inside.text);
    if (text !== undefined) memory.keepBlob(entryId, bytesOf(text));
  }
  return memory.keepTree(id, entries);
}

export function idOf(value: unknown): Sha | undefined {
  return typeof value === "string" && /^[0-9a-f]{40}$/.test(value) ? (value as Sha) : undefined;
}

const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, "utf8"));

/** The revision expression of a path. */
export function at(revision: string, path: RepoPath | ""): string {
  return `${revision}:${path}`;
}
