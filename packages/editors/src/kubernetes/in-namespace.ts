import type { Bytes, ManifestObject } from "@glu/core";
import { type Document, isCollection, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { eolAt, lineStart } from "../text/source.ts";
import { applySplices, type Splice } from "../text/splice.ts";
import { keyText } from "../yaml/stream.ts";
import { noManifest, objectsIn, parsed } from "./read-objects.ts";

/**
 * Names the namespace in each object that names none: as the first entry of its metadata, and no other byte changes.
 * Read again, all are as they were but for that.
 */
export function inNamespace(
  path: string,
  content: Bytes,
  namespace: string,
  isOf: (object: ManifestObject) => boolean,
): Bytes {
  const text = new TextDecoder().decode(content);
  const splices = parsed(content).flatMap((document) => splicesIn(path, text, document, { namespace, isOf }));
  if (splices.length === 0) return content;
  const result = new TextEncoder().encode(applySplices(text, splices));
  const [before, after] = [objectsIn(path, content), objectsIn(path, result)];
  const isAsMeant =
    before.length === after.length &&
    after.every((object, at) => {
      const old = before[at];
      const wanted = old === undefined || !isOf(old) ? old?.namespace : (old.namespace ?? namespace);
      return object.kind === old?.kind && object.name === old.name && object.namespace === wanted;
    });
  if (!isAsMeant) throw noManifest(path, "its objects cannot be put into the namespace as they are written");
  return result;
}

interface Wanted {
  namespace: string;
  isOf: (object: ManifestObject) => boolean;
}

function splicesIn(path: string, text: string, document: Document, wanted: Wanted): Splice[] {
  const visit = (node: unknown): Splice[] => {
    if (!isMap(node)) return [];
    const items = valueAt(node, "items");
    if (String(scalar(node, "kind") ?? "").endsWith("List") && isSeq(items)) return items.items.flatMap(visit);
    const metadata = valueAt(node, "metadata");
    if (!isMap(metadata)) throw noManifest(path, "the metadata of an object is no mapping of its own");
    const [apiVersion, kind] = [scalar(node, "apiVersion"), scalar(node, "kind")].map((one) => String(one ?? ""));
    const object = { apiVersion: apiVersion ?? "", kind: kind ?? "", name: "", namespace: undefined };
    const named = metadata.items.find((pair) => keyText(pair.key) === "namespace");
    if (!wanted.isOf(object)) return [];
    if (named !== undefined) {
      if (scalar(metadata, "namespace") !== null) return [];
      throw noManifest(path, `the namespace of a ${kind} is empty`);
    }
    return [insertion(text, metadata, wanted.namespace)];
  };
  return visit(document.contents);
}

/** Quoted: a namespace may look like a number. */
function insertion(text: string, metadata: YAMLMap, namespace: string): Splice {
  const entry = `namespace: "${namespace}"`;
  const start = metadata.range?.[0] ?? 0;
  if (metadata.flow === true) {
    const isEmpty = metadata.items.length === 0;
    return { start: start + 1, end: start + 1, text: isEmpty ? entry : `${entry}, ` };
  }
  const first = metadata.items[0]?.key;
  const at = isScalar(first) || isCollection(first) ? (first.range?.[0] ?? start) : start;
  const indent = " ".repeat(at - lineStart(text, at));
  return { start: at, end: at, text: `${entry}${eolAt(text, at)}${indent}` };
}

const valueAt = (map: YAMLMap, key: string): unknown => map.items.find((pair) => keyText(pair.key) === key)?.value;

/** Undefined: not there, or no scalar. */
function scalar(map: YAMLMap, key: string): unknown {
  const value = valueAt(map, key);
  if (value === null) return null;
  return isScalar(value) ? value.value : undefined;
}
