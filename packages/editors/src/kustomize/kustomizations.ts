import { type Bytes, type Kustomization, type KustomizationReference, type Kustomizations, UserError } from "@glu/core";
import { isSeq } from "yaml";
import { type Assignment, readAssignments } from "../assignment.ts";
import { mapping } from "../kubernetes/read-objects.ts";
import { Refusal } from "../refusal.ts";
import { decode, encode } from "../text/source.ts";
import { locate } from "../yaml/choose-document.ts";
import { change, editYaml } from "../yaml/edit-yaml.ts";
import { insertNode } from "../yaml/insert-node.ts";
import type { Gap } from "../yaml/locate.ts";
import type { NewList, NewNode } from "../yaml/new-node.ts";
import { expectNothing } from "../yaml/prove.ts";
import { parseStream, type Stream } from "../yaml/stream.ts";

/** Kustomizations by the YAML editor. */
export const kustomizations: Kustomizations = { read, edit };

/** Fields whose items are folders, files, or addresses; and fields of files alone. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const resources = ["resources", "bases", "components", "generators", "transformers", "validators"];
const files = ["crds", "configurations", "patchesStrategicMerge"];

function read(path: string, content: Bytes): Kustomization {
  return told(path, () => {
    const { documents } = parseStream(decode(content).text);
    const [only, second] = documents;
    const value: unknown = second === undefined ? only?.document.toJS({ maxAliasCount: 100 }) : undefined;
    const fields = mapping(value);
    if (fields === undefined) throw notOne(path, second === undefined ? "is no mapping" : "has several documents");
    const { namespace } = fields;
    if (namespace !== undefined && namespace !== null && typeof namespace !== "string") {
      throw notOne(path, "has a namespace that is no text");
    }
    return { namespace: namespace ?? undefined, references: referencesOf(path, fields) };
  });
}

function referencesOf(path: string, fields: Record<string, unknown>): KustomizationReference[] {
  const found: KustomizationReference[] = [];
  const add = (selector: string, value: unknown, is: KustomizationReference["is"]) => {
    if (value === undefined || value === null) return;
    if (typeof value !== "string") throw notOne(path, `has no text in ${selector}`);
    // What has several lines is written out there.
    if (value !== "" && !value.includes("\n")) found.push({ selector, path: value, is });
  };
  const each = (name: string, visit: (item: unknown, selector: string) => void) => {
    const items = fields[name] ?? [];
    if (!Array.isArray(items)) throw notOne(path, `has no list in ${name}`);
    for (const [index, item] of items.entries()) visit(item, `${name}[${index}]`);
  };
  for (const name of resources) each(name, (item, selector) => add(selector, item, "resource"));
  for (const name of files) each(name, (item, selector) => add(selector, item, "file"));
  for (const name of ["patches", "patchesJson6902", "replacements"]) {
    each(name, (item, selector) => add(`${selector}.path`, mapping(item)?.path, "file"));
  }
  for (const name of ["configMapGenerator", "secretGenerator"]) {
    each(name, (item, selector) => {
      const { files: named, envs, env } = mapping(item) ?? {};
      add(`${selector}.env`, env, "file");
      for (const [key, list] of Object.entries({ files: named, envs })) {
        for (const [at, one] of (Array.isArray(list) ? list : []).entries()) {
          add(`${selector}.${key}[${at}]`, typeof one === "string" ? one.slice(one.indexOf("=") + 1) : one, "file");
        }
      }
    });
  }
  add("openapi.path", mapping(fields.openapi)?.path, "file");
  return found;
}

function edit(path: string, content: Bytes, { set, add }: Parameters<Kustomizations["edit"]>[2]): Bytes {
  return told(path, () => {
    const edited = set.size === 0 ? content : editYaml(content, assignments(set), false);
    if (add === undefined) return edited;
    const source = decode(edited);
    return encode({ ...source, text: withResource(parseStream(source.text), add).text });
  });
}

const assignments = (set: ReadonlyMap<string, string>): Assignment[] => readAssignments(Object.fromEntries(set));

/** One more resource after the others. */
function withResource(stream: Stream, resource: string): Stream {
  const place = locate(stream, { path: [{ kind: "key", key: "resources" }] });
  const list: NewList = { kind: "list", items: [resource] };
  const expected = expectNothing();
  if (place.kind === "found" && isSeq(place.node)) {
    const gap: Gap = { in: place.in, trail: [...place.trail, place.node], into: place.node, line: 0 };
    expected.adds.set(place.node, list);
    return change(stream, [insertNode(stream, gap, list, "resources")], expected);
  }
  if (place.kind === "found" && place.holder.kind === "pair") {
    // Nothing stands there, or only null.
    const gap: Gap = { in: place.in, trail: place.trail, into: place.holder, line: 0 };
    expected.adds.set(place.holder.pair, list);
    return change(stream, [insertNode(stream, gap, list, "resources")], expected);
  }
  if (place.kind === "found") throw new Error("A key is in a mapping.");
  const node: NewNode = { kind: "map", entries: [["resources", list]] };
  const into = place.into === "document" ? place.in.document : "kind" in place.into ? undefined : place.into;
  if (into === undefined) throw new Error("A kustomization is a mapping.");
  expected.adds.set(into, node);
  return change(stream, [insertNode(stream, place, node, "resources")], expected);
}

/** What the editor refuses, as an error of the template. */
function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof ReferenceError)) throw error;
    const { line, fix } = error instanceof Refusal ? error.details : {};
    throw notOne(path, `cannot be read or changed: ${error.message.replace(/\.$/, "")}`, line, fix);
  }
}

const notOne = (path: string, why: string, line?: number, fix = "Write it in a simpler way."): UserError =>
  new UserError("preview/kustomization", `The kustomization ${path} ${why}.`, {
    seen: path,
    at: { file: path, ...(line === undefined ? {} : { line }) },
    fix,
  });
